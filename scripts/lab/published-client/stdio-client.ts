import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { programEnv } from '#scripts/servers/child-env.ts';

export interface ToolAnswer {
  isError: boolean;
  /** What a person or a model reads. */
  text: string;
}

interface Reply {
  id?: number;
  // biome-ignore lint/suspicious/noExplicitAny: each method has a result of its own
  result?: any;
  error?: { message: string };
}

/** A client of an MCP server over stdio: one JSON message a line, as the protocol's stdio transport has it. */
export class StdioClient {
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, (reply: Reply) => void>();
  #asked = 0;

  constructor(file: string, env: Record<string, string>) {
    this.#child = spawn(process.execPath, [file], { env: { ...programEnv(), ...env }, stdio: ['pipe', 'pipe', 'ignore'] });
    createInterface({ input: this.#child.stdout as NodeJS.ReadableStream }).on('line', (line) => {
      const reply = JSON.parse(line) as Reply;
      if (reply.id !== undefined) this.#waiting.get(reply.id)?.(reply);
    });
  }

  #send(message: object): void {
    this.#child.stdin?.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
  }

  async #ask(method: string, params: object): Promise<Reply['result']> {
    this.#asked += 1;
    const id = this.#asked;
    const reply = new Promise<Reply>((resolve) => this.#waiting.set(id, resolve));
    this.#send({ id, method, params });
    const { result, error } = await reply;
    if (error) throw new Error(`${method}: ${error.message}`);
    return result;
  }

  async open(): Promise<string[]> {
    await this.#ask('initialize', { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'rekey-lab', version: '1' } });
    this.#send({ method: 'notifications/initialized' });
    const { tools } = await this.#ask('tools/list', {});
    return (tools as { name: string }[]).map(({ name }) => name);
  }

  async call(name: string, input: object): Promise<ToolAnswer> {
    const { isError = false, content } = await this.#ask('tools/call', { name, arguments: input });
    return { isError, text: (content as { text?: string }[]).map(({ text = '' }) => text).join('\n') };
  }

  close(): void {
    this.#child.kill();
  }
}
