import { createWindow } from '../../../src/source/window';

describe('the in-flight window', () => {
  it('fills up by records and opens again at the resume ratio, not one record below the limit', () => {
    const window = createWindow({ maxBytes: 1_000_000, maxRecords: 4, resumeRatio: 0.5 });
    for (let record = 0; record < 3; record++) window.add(10);
    expect(window.isFull()).toBe(false);
    window.add(10);
    expect(window.isFull()).toBe(true);
    window.remove(10);
    expect(window.isFull()).toBe(true);
    window.remove(10);
    expect(window.isFull()).toBe(false);
    expect([window.bytes(), window.records()]).toEqual([20, 2]);
  });

  it('fills up by bytes, and stays full while either count is above its share', () => {
    const window = createWindow({ maxBytes: 100, maxRecords: 10, resumeRatio: 0.5 });
    for (let record = 0; record < 8; record++) window.add(1);
    window.add(92);
    expect(window.isFull()).toBe(true);
    window.remove(92);
    expect([window.bytes(), window.records()]).toEqual([8, 8]);
    expect(window.isFull()).toBe(true);
    for (let record = 0; record < 3; record++) window.remove(1);
    expect(window.isFull()).toBe(false);
  });

  it('takes a record larger than itself and opens when it has left', () => {
    const window = createWindow({ maxBytes: 100, maxRecords: 1, resumeRatio: 0.5 });
    window.add(5_000);
    expect(window.isFull()).toBe(true);
    window.remove(5_000);
    expect(window.isFull()).toBe(false);
  });

  it('refuses to let out more than came in', () => {
    const window = createWindow({ maxBytes: 100, maxRecords: 10, resumeRatio: 0.5 });
    window.add(10);
    expect(() => window.remove(11)).toThrow('11 bytes leave a window that holds 10 bytes in 1 records');
    window.remove(10);
    expect(() => window.remove(0)).toThrow('holds 0 bytes in 0 records');
  });
});
