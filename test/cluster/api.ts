import { readFile } from "node:fs/promises";
import https from "node:https";
import { text as readText } from "node:stream/consumers";
import { tokens } from "./credentials.ts";

export interface ApiAnswer {
  readonly status: number;
  /** Parsed if it is JSON, else text. */
  readonly body: unknown;
}

export interface ApiOptions {
  readonly token?: string;
  readonly contentType?: string;
  readonly agent?: https.Agent;
}

/** One request to the API server, as the driver unless told otherwise. */
export type Api = (method: string, url: string, body?: unknown, options?: ApiOptions) => Promise<ApiAnswer>;

/** The certificate is read anew for each request until there is one, because a starting API server has yet to make it. */
export function createApi(server: string, certificateFile: string): Api {
  let certificate: Buffer | undefined;
  return async (method, url, body, { token = tokens.driver, contentType = "application/json", agent } = {}) => {
    certificate ??= await readFile(certificateFile);
    const headers = { authorization: `Bearer ${token}`, "content-type": contentType };
    const request = https.request(server + url, {
      method,
      headers,
      ca: certificate,
      timeout: 60_000,
      ...(agent ? { agent } : {}),
    });
    request.once("timeout", () => request.destroy(new Error(`${method} ${url}: no answer within 60 s`)));
    const answered = new Promise<ApiAnswer>((resolve, reject) => {
      request.once("error", reject);
      request.once("response", (response) => {
        const isJson = response.headers["content-type"]?.startsWith("application/json") === true;
        const parse = (text: string): unknown => (isJson ? JSON.parse(text) : text);
        readText(response).then((text) => resolve({ status: response.statusCode ?? 0, body: parse(text) }), reject);
      });
    });
    request.end(body === undefined ? undefined : JSON.stringify(body));
    return answered;
  };
}

/** The items of a list; fails with the server's answer where there is none. */
export async function listItems(api: Api, url: string): Promise<readonly Item[]> {
  const { status, body } = await api("GET", url);
  if (status !== 200) throw new Error(`GET ${url}: ${status} ${JSON.stringify(body)}`);
  return (body as { items: Item[] }).items;
}

/** An object in an answer, as far as the driver and its tests look at it. */
export interface Item {
  readonly metadata: { readonly name: string; readonly resourceVersion: string };
  readonly spec?: {
    readonly nodeName?: string;
    readonly taints?: readonly { readonly key: string }[];
  };
  readonly status?: {
    readonly phase?: string;
    readonly reason?: string;
    readonly podIP?: string;
    readonly readyReplicas?: number;
  };
  readonly endpoints?: readonly { readonly conditions: { readonly ready?: boolean } }[] | null;
}
