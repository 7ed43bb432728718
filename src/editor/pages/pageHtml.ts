/** A page's files and what VS Code allows them from. */
export interface PageAssets {
  /** Addresses that the webview may load (`asWebviewUri`). */
  readonly script: string;
  readonly style: string;
  readonly cspSource: string;
  /** The user's language, as an HTML `lang`. */
  readonly locale: string;
}

/**
 * The document of a page. It may run one script and nothing else: no inline style, no request of its own. Nothing that
 * a cluster said is in it; that comes through the port.
 */
export function pageHtml({ script, style, cspSource, locale }: PageAssets, nonce = newNonce()): string {
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src ${cspSource}`,
    `font-src ${cspSource}`,
    `img-src ${cspSource} data:`,
    "worker-src blob:",
  ].join("; ");
  return `<!doctype html>
<html lang="${attribute(locale)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${attribute(policy)}">
<link rel="stylesheet" href="${attribute(style)}">
</head>
<body>
<main id="app"></main>
<script type="module" nonce="${attribute(nonce)}" src="${attribute(script)}"></script>
</body>
</html>
`;
}

function newNonce(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(18));
  return btoa(String.fromCharCode(...bytes));
}

function attribute(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");
}
