/**
 * A real small model behind the chat-completions wire: what a llama.cpp server does, as far as a judge uses it. One call
 * at a time, greedy, the answer held to the request's JSON schema by a grammar. Prints its address when it is ready.
 * Usage: node serve.mjs FOLDER (of scripts/install-small-model.sh)
 */
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const CONTEXT_TOKENS = 4096;
const folder = resolve(process.argv[2] ?? '.');
const resolveIn = createRequire(join(folder, 'anchor.js')).resolve;
const { getLlama, LlamaCompletion } = await import(pathToFileURL(resolveIn('node-llama-cpp')).href);

const llama = await getLlama({ gpu: false, maxThreads: 1, build: 'never', progressLogs: false });
const model = await llama.loadModel({ modelPath: join(folder, 'model.gguf') });
// One thread: two wait for each other in busy loops where the machine has other work. The whole window is kept, so that what all prompts begin with is read once.
const context = await model.createContext({ contextSize: CONTEXT_TOKENS, threads: 1, swaFullCache: true });
const completion = new LlamaCompletion({ contextSequence: context.getSequence() });

async function answer({ messages, response_format: format, max_tokens: maxTokens = 600, model: name }) {
  const prompt = `${messages.map(({ content }) => content).join('\n\n')}\n\nReply:\n`;
  const tokens = model.tokenize(prompt);
  if (tokens.length + maxTokens > CONTEXT_TOKENS) {
    return { status: 400, body: { error: { type: 'invalid_request_error', code: 'context_length_exceeded' } } };
  }
  const grammar = await llama.createGrammarForJsonSchema(format.json_schema.schema);
  const { response, metadata } = await completion.generateCompletionWithMeta(tokens, {
    maxTokens,
    grammar,
    temperature: 0,
    repeatPenalty: { penalty: 1.1 },
  });
  const completionTokens = model.tokenize(response).length;
  const body = {
    object: 'chat.completion',
    model: name,
    choices: [
      {
        index: 0,
        message: { role: 'assistant', content: response, refusal: null },
        finish_reason: metadata.stopReason === 'maxTokens' ? 'length' : 'stop',
      },
    ],
    usage: { prompt_tokens: tokens.length, completion_tokens: completionTokens },
  };
  return { status: 200, body };
}

let queue = Promise.resolve();
const server = createServer((incoming, outgoing) => {
  const parts = [];
  incoming.on('data', (part) => parts.push(part));
  incoming.on('end', () => {
    queue = queue
      .then(() => answer(JSON.parse(Buffer.concat(parts).toString('utf8'))))
      .catch((error) => ({ status: 500, body: { error: { message: String(error) } } }))
      .then(({ status, body }) => {
        outgoing.writeHead(status, { 'content-type': 'application/json' });
        outgoing.end(JSON.stringify(body));
      });
  });
});
server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}/v1`));
