import { Command } from 'commander';
import { type Contexts, readContexts, removeContext, saveContext, useContext } from '../compose/on-call/contexts';
import { EXIT_OK, jsonOption } from './config-options';
import { formatTable } from './format';
import type { CliIo } from './io';

export function contextCommand(io: CliIo, exit: (code: number) => void): Command {
  const command = new Command('context').description(
    'servers by name, for commands with --context; no token is kept, only where its file lies',
  );
  const show = (contexts: Contexts): void => {
    io.stdout(`${contextsText(contexts)}\n`);
    exit(EXIT_OK);
  };
  command
    .command('set')
    .description('save a server under a name; the first one is used from then on')
    .argument('<name>')
    .requiredOption('--server <url>', 'a running monitor')
    .option('--token-file <file>', 'file with the bearer token for the server')
    .action(async (name: string, { server, tokenFile }: { readonly server: string; readonly tokenFile?: string }) =>
      show(await saveContext(io.env, name, { server, tokenFile: tokenFile ?? null })),
    );
  command
    .command('use')
    .description('have commands ask this server that name none')
    .argument('<name>')
    .action(async (name: string) => show(await useContext(io.env, name)));
  command
    .command('remove')
    .description('forget a server')
    .argument('<name>')
    .action(async (name: string) => show(await removeContext(io.env, name)));
  command
    .command('list')
    .description('what is saved')
    .addOption(jsonOption())
    .action(async ({ json }: { readonly json: boolean }) => {
      const contexts = await readContexts(io.env);
      if (!json) return show(contexts);
      io.stdout(`${JSON.stringify(contexts)}\n`);
      exit(EXIT_OK);
    });
  return command;
}

function contextsText({ current, contexts }: Contexts): string {
  const rows = Object.entries(contexts).map(([name, { server, tokenFile }]) => [
    name === current ? '*' : '',
    name,
    server,
    tokenFile ?? 'no token',
  ]);
  return rows.length === 0 ? 'no context is saved' : formatTable([['', 'context', 'server', 'token file'], ...rows]);
}
