import { createRig, type Rig, type RigOptions } from './rig';

/** `createRig` for the tests of a file; what they start is stopped after each. */
export function rigsOfTests(): (setup?: RigOptions) => Rig {
  const rigs: Rig[] = [];
  afterEach(async () => {
    for (const rig of rigs.splice(0)) await rig.pipeline.stop();
  });
  return (setup) => {
    const rig = createRig(setup);
    rigs.push(rig);
    return rig;
  };
}
