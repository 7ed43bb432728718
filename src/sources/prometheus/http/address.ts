import { MeshError } from "../../../mesh/meshError.ts";
import { say } from "../../../mesh/message.ts";
import type { Credentials } from "../settings.ts";

/** What a user may write as an address: where it leads, and the credentials inside it. */
export interface Address {
  /** Without user part, query and fragment. */
  readonly url: URL;
  readonly credentials: Credentials | undefined;
}

export function readAddress(text: string): Address {
  const trimmed = text.trim();
  const url = URL.canParse(trimmed) ? new URL(trimmed) : undefined;
  if (!url || !/^https?:$/.test(url.protocol)) {
    // The text is not repeated: it may hold a password.
    throw new MeshError("misconfigured", say("The Prometheus URL is no http or https address."), {
      hint: say("It should look like {0}", "https://prometheus.example.com/prefix"),
    });
  }
  const { username, password } = url;
  const [user, secret] = [percentDecoded(username), percentDecoded(password)];
  url.username = url.password = url.search = url.hash = "";
  return { url, credentials: username === "" && password === "" ? undefined : { user, password: secret } };
}

function percentDecoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
