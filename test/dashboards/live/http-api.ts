/** One series of an instant query. */
export interface Sample {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: readonly [number, string];
}

export async function getJson<T>(url: string): Promise<T> {
  const reply = await fetch(url);
  const text = await reply.text();
  if (!reply.ok) throw new Error(`${url}: ${reply.status} ${text.slice(0, 300)}`);
  return JSON.parse(text) as T;
}

/** Throws, with Prometheus' words, for an expression it does not take. */
export async function queryPrometheus(base: string, expr: string): Promise<readonly Sample[]> {
  const url = `${base}/api/v1/query?query=${encodeURIComponent(expr)}`;
  const { data } = await getJson<{ data: { resultType: string; result: readonly Sample[] } }>(url);
  return data.result;
}
