/** A model name pattern and what is known of the models that bear it. */
export interface FamilyPattern {
  /** Matched against the lower-cased model name without the vendor path, e.g. `llama-2-70b-chat-hf`. */
  readonly pattern: RegExp;
  /** Models of one family share a vendor's pre-training and post-training habits, hence errors. */
  readonly family: string;
  /** Families whose weights or outputs it was made from, besides its own. */
  readonly lineage: readonly string[];
}

/**
 * Known model names, first match wins: models made from another vendor's come before that vendor's own. Generations of
 * one vendor's models count as one family: their errors correlate more than their version numbers suggest. What is
 * not listed is unknown, and must be declared in the configuration. Sources: model cards of the vendors.
 */
export const KNOWN_FAMILIES: readonly FamilyPattern[] = [
  // Distilled from one family into the weights of another.
  { pattern: /^deepseek-r1-distill-(meta-)?llama/, family: 'deepseek', lineage: ['meta'] },
  { pattern: /^deepseek-r1-(0528-)?(distill-)?qwen/, family: 'deepseek', lineage: ['qwen'] },
  // Tags of local servers: the small sizes are distilled into Qwen or Llama weights.
  { pattern: /^deepseek-r1:(1\.5|7|8|14|32|70)b/, family: 'deepseek', lineage: ['qwen', 'meta'] },

  // Fine-tuned from another vendor's weights.
  { pattern: /nemotron.*llama|llama.*nemotron/, family: 'nvidia', lineage: ['meta'] },
  { pattern: /^(mistral-nemo|open-mistral-nemo)/, family: 'mistral', lineage: ['nvidia'] },
  { pattern: /nemotron/, family: 'nvidia', lineage: [] },
  { pattern: /skywork.*gemma/, family: 'skywork', lineage: ['google'] },
  { pattern: /skywork.*llama/, family: 'skywork', lineage: ['meta'] },
  { pattern: /skywork.*qwen|skywork-(critic|or1)/, family: 'skywork', lineage: ['qwen'] },
  { pattern: /grm.*gemma/, family: 'grm', lineage: ['google'] },
  { pattern: /grm.*llama/, family: 'grm', lineage: ['meta'] },
  { pattern: /^(hermes|nous-hermes)-?[23].*(llama|70b|405b|8b)/, family: 'nous', lineage: ['meta'] },
  { pattern: /t[uü]lu/, family: 'allenai', lineage: ['meta'] },
  { pattern: /^vicuna/, family: 'lmsys', lineage: ['meta', 'openai'] },
  { pattern: /^judgelm/, family: 'judgelm', lineage: ['lmsys', 'meta', 'openai'] },
  { pattern: /^pandalm/, family: 'pandalm', lineage: ['meta', 'openai'] },
  { pattern: /^alpaca/, family: 'alpaca', lineage: ['meta', 'openai'] },
  { pattern: /^prometheus.*(7b|8x7b)-v2/, family: 'prometheus', lineage: ['mistral', 'openai'] },
  { pattern: /^prometheus/, family: 'prometheus', lineage: ['meta', 'openai'] },
  { pattern: /^zephyr/, family: 'huggingface', lineage: ['mistral', 'openai'] },
  { pattern: /^(openchat|starling)/, family: 'openchat', lineage: ['mistral', 'openai'] },
  { pattern: /^wizardlm.*(8x22b|7b-v2|2-7b)/, family: 'microsoft', lineage: ['mistral', 'openai'] },
  { pattern: /^(wizardlm|orca)/, family: 'microsoft', lineage: ['meta', 'openai'] },
  { pattern: /^(phi-|phi[1-9])/, family: 'microsoft', lineage: ['openai'] },
  { pattern: /^(qwq|qvq)-/, family: 'qwen', lineage: [] },
  { pattern: /^(mai-ds-r1|r1-1776)/, family: 'deepseek', lineage: [] },

  // First-hand.
  {
    pattern: /^(chatgpt|gpt-?[3-9]|gpt-oss|o[1-9](-|$)|text-davinci|davinci|codex|computer-use|gpt4)/,
    family: 'openai',
    lineage: [],
  },
  { pattern: /^claude/, family: 'anthropic', lineage: [] },
  {
    pattern: /^(gemini|gemma|codegemma|shieldgemma|palm-?2?|text-bison|chat-bison|bard|lamda|learnlm)/,
    family: 'google',
    lineage: [],
  },
  { pattern: /^(meta-)?(llama|codellama|code-llama|llama-guard)|^opt-\d/, family: 'meta', lineage: [] },
  {
    pattern: /^(open-)?(mistral|mixtral|ministral|magistral|codestral|devstral|pixtral|mathstral|voxtral)/,
    family: 'mistral',
    lineage: [],
  },
  { pattern: /^(qwen|codeqwen|tongyi)/, family: 'qwen', lineage: [] },
  { pattern: /^deepseek/, family: 'deepseek', lineage: [] },
  { pattern: /^(command|c4ai|aya)/, family: 'cohere', lineage: [] },
  { pattern: /^grok/, family: 'xai', lineage: [] },
  { pattern: /^(amazon[-.])?(nova|titan)-/, family: 'amazon', lineage: [] },
  { pattern: /^(jamba|j2-|jurassic)/, family: 'ai21', lineage: [] },
  { pattern: /^(kimi|moonshot)/, family: 'moonshot', lineage: [] },
  { pattern: /^(glm|chatglm|codegeex)/, family: 'zhipu', lineage: [] },
  { pattern: /^(minimax|abab)/, family: 'minimax', lineage: [] },
  { pattern: /^ernie/, family: 'baidu', lineage: [] },
  { pattern: /^hunyuan/, family: 'tencent', lineage: [] },
  { pattern: /^doubao/, family: 'bytedance', lineage: [] },
  { pattern: /^yi-/, family: '01ai', lineage: [] },
  { pattern: /^internlm/, family: 'internlm', lineage: [] },
  { pattern: /^granite/, family: 'ibm', lineage: [] },
  { pattern: /^falcon/, family: 'tii', lineage: [] },
  { pattern: /^olmo/, family: 'allenai', lineage: [] },
  { pattern: /^(smollm|smolvlm)/, family: 'huggingface', lineage: [] },
  { pattern: /^(bloom|bloomz)/, family: 'bigscience', lineage: [] },
  { pattern: /^(pythia|gpt-neox|gpt-j)/, family: 'eleutherai', lineage: [] },
  { pattern: /^cerebras-gpt/, family: 'cerebras', lineage: [] },
  { pattern: /^(dbrx|mpt-)/, family: 'databricks', lineage: [] },
  { pattern: /^exaone/, family: 'lg', lineage: [] },
  { pattern: /^solar/, family: 'upstage', lineage: ['meta', 'mistral'] },
  { pattern: /^reka/, family: 'reka', lineage: [] },
];

/** Other names of a family: vendors, products and generations. */
export const FAMILY_ALIASES: Readonly<Record<string, string>> = {
  gpt: 'openai',
  chatgpt: 'openai',
  claude: 'anthropic',
  gemini: 'google',
  gemma: 'google',
  palm: 'google',
  deepmind: 'google',
  llama: 'meta',
  llama2: 'meta',
  llama3: 'meta',
  llama4: 'meta',
  'meta-llama': 'meta',
  'meta-llama2': 'meta',
  'meta-llama3': 'meta',
  'meta-llama4': 'meta',
  mixtral: 'mistral',
  mistralai: 'mistral',
  alibaba: 'qwen',
  grok: 'xai',
  'x-ai': 'xai',
  command: 'cohere',
  falcon: 'tii',
};
