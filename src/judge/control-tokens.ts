/**
 * Marks that chat templates reserve for their own structure. A judge's tokenizer may read them as the end of our
 * message and the start of another, wherever they stand: fences in plain words do not stop that.
 */
const RESERVED: readonly RegExp[] = [
  // <|im_end|>, <｜User｜>, <|turn>, <turn|>: both bars or one, ASCII or full width.
  /<[|｜][^\s<>|｜]{1,64}[|｜]?>|<[^\s<>|｜]{1,64}[|｜]>/gu,
  // <s>, </s>, <bos>, <start_of_turn>, <tool_call>, <extra_id_1>, <0x0A>, <think>
  /<\/?(?:s|bos|eos|pad|unk|mask|cls|sep|sop|eop|eod|think|(?:start|end|begin)_of_[a-z]{1,16}|tool_[a-z]{1,16}|fim_[a-z]{1,16}|function_calls?|extra_id_\d{1,4}|unused_?\d{1,4}|special_\d{1,4}|reserved_[a-z0-9_]{1,32}|0x[0-9a-f]{2}|nonce|endoftext)>/giu,
  // <<SYS>>, <</SYS>>
  /<<\/?SYS>>/giu,
  // [INST], [/INST], [SYSTEM_PROMPT], [TOOL_CALLS], [gMASK]
  /\[\/?(?:INST|SYSTEM_PROMPT|AVAILABLE_TOOLS|TOOL_CALLS|TOOL_RESULTS|TOOL_CONTENT|THINK|IMG|[gs]?MASK|CLS|SEP|PAD|UNK|BOS|EOS)\]/giu,
];

/** Speakers and task headings at the start of a line, as older completion templates write them. */
const ROLE_HEADINGS =
  /^([ \t]{0,8}(?:(?:human|assistant|system|developer)|#{2,4} {0,2}(?:instruction|response|input|system|user|assistant)))[ \t]{0,8}:/gimu;

/** Every reserved mark begins with one. */
const BRACKET = /[<[]/;

const LOOK_ALIKES: Readonly<Record<string, string>> = { '<': '‹', '>': '›', '|': '¦', '｜': '¦', '[': '⟦', ']': '⟧' };

/**
 * Replaces the brackets of reserved marks, and the colon of role headings, by look-alikes that no template reserves:
 * `<|im_end|>` → `‹¦im_end¦›`. A reader still sees what was written. Other text, code included, is left alone.
 */
export function neutraliseControlTokens(text: string): string {
  let current = text;
  if (!BRACKET.test(text)) return text.replace(ROLE_HEADINGS, '$1꞉');
  // A mark inside a mark shows up when the inner one is gone; each pass removes one level, at most 64 characters wide.
  for (;;) {
    let next = current;
    for (const pattern of RESERVED) next = next.replace(pattern, disarm);
    if (next === current) break;
    current = next;
  }
  return current.replace(ROLE_HEADINGS, '$1꞉');
}

function disarm(mark: string): string {
  return mark.replace(/[<>|｜[\]]/gu, (char) => LOOK_ALIKES[char] ?? char);
}
