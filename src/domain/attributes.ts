/** Attributes of a span or a log line; names follow `gen_ai.*` and `messaging.*`. */
export type Attributes = Readonly<Record<string, string | number | boolean>>;
