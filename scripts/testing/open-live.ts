import { GET } from '#app/api/v1/live/route.ts';

/** An open live stream, as a page reads it. */
export interface OpenLive {
  response: Response;
  /** Reads on until `isEnough` or the end; answers all that was read so far. */
  readUntil: (isEnough: (text: string) => boolean) => Promise<string>;
  close: () => Promise<void> | undefined;
}

/** Opens `GET /live` as whoever has these headers. */
export async function openLive(headers: Record<string, string>): Promise<OpenLive> {
  const response = await GET(new Request('http://127.0.0.1:3000/api/v1/live', { headers }));
  const reader = response.body?.getReader();
  const decoder = new TextDecoder();
  let text = '';
  const readUntil = async (isEnough: (text: string) => boolean): Promise<string> => {
    while (!isEnough(text)) {
      const chunk = await reader?.read();
      if (!chunk || chunk.done) break;
      text += decoder.decode(chunk.value, { stream: true });
    }
    return text;
  };
  return { response, readUntil, close: () => reader?.cancel() };
}
