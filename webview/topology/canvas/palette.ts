import { states } from "../../../src/protocol/topology/graphSnapshot.ts";

/** The theme's colours as the picture needs them; every one is a CSS colour. */
export interface Palette {
  readonly background: string;
  readonly foreground: string;
  readonly muted: string;
  readonly nodeFill: string;
  readonly nodeBorder: string;
  /** By a box's kind: cluster, namespace, app. */
  readonly boxFill: readonly [string, string, string];
  readonly boxBorder: string;
  readonly focus: string;
  readonly found: string;
  /** By the order of `states`. */
  readonly states: readonly string[];
  readonly edge: (protocol: string) => string;
  /** Outlines instead of fills and no half-transparent text. */
  readonly isHighContrast: boolean;
  readonly fontFamily: string;
  /** True where nothing may move by itself. */
  readonly wantsLessMotion: boolean;
}

/** Reads the variables that VS Code sets on the page, as they are now. */
export function readPalette(): Palette {
  const style = getComputedStyle(document.body);
  const { classList } = document.body;
  const isLight = classList.contains("vscode-light") || classList.contains("vscode-high-contrast-light");
  const isHighContrast = classList.contains("vscode-high-contrast") || classList.contains("vscode-high-contrast-light");
  const color = (...names: readonly string[]): string => {
    for (const name of names) {
      const value = style.getPropertyValue(`--vscode-${name}`).trim();
      if (value !== "") return value;
    }
    return isLight ? "#3b3b3b" : "#cccccc";
  };
  const background = color("editor-background");
  const border = color("contrastBorder", "editorWidget-border", "panel-border");
  const stateColors: Readonly<Record<(typeof states)[number], string>> = {
    healthy: color("foreyard-health-healthy", "charts-green"),
    degraded: color("foreyard-health-degraded", "charts-yellow"),
    failing: color("foreyard-health-failing", "charts-red"),
    idle: color("foreyard-health-idle", "descriptionForeground"),
    unknown: color("foreyard-health-unknown", "descriptionForeground"),
  };
  const edges = new Map([
    ["http", color("foreyard-edge-http", "charts-blue")],
    ["grpc", color("foreyard-edge-grpc", "charts-purple")],
    ["tcp", color("foreyard-edge-tcp", "charts-green")],
  ]);
  const other = color("descriptionForeground");
  const tint = color("foreground");
  const faint = (part: number) => (isHighContrast ? "transparent" : translucent(tint, part));
  return {
    background,
    foreground: color("editor-foreground", "foreground"),
    muted: isHighContrast ? color("foreground") : color("descriptionForeground"),
    nodeFill: isHighContrast ? background : color("editorWidget-background"),
    nodeBorder: isHighContrast ? border : mixed(tint, background, 0.38),
    boxFill: [faint(0.025), faint(0.035), faint(0.035)],
    boxBorder: border,
    focus: color("focusBorder"),
    found: color("editor-findMatchHighlightBorder", "charts-orange", "focusBorder"),
    states: states.map((state) => stateColors[state]),
    edge: (protocol) => edges.get(protocol) ?? other,
    isHighContrast,
    fontFamily: style.getPropertyValue("--vscode-font-family").trim() || "sans-serif",
    wantsLessMotion:
      classList.contains("vscode-reduce-motion") || window.matchMedia("(prefers-reduced-motion: reduce)").matches,
  };
}

/** Calls with the palette as it is after VS Code has changed the theme: it sets the page's classes and variables anew. */
export function watchPalette(changed: (palette: Palette) => void): () => void {
  const read = () => changed(readPalette());
  const observer = new MutationObserver(read);
  for (const element of [document.documentElement, document.body]) {
    observer.observe(element, { attributes: true, attributeFilter: ["class", "style"] });
  }
  const motion = window.matchMedia("(prefers-reduced-motion: reduce)");
  motion.addEventListener("change", read);
  return () => {
    observer.disconnect();
    motion.removeEventListener("change", read);
  };
}

type Channels = readonly [red: number, green: number, blue: number, alpha: number];

/** Any CSS colour as numbers; the browser itself reads it. Plain results, so that files understand them too. */
function channels(color: string): Channels {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 1;
  const context = canvas.getContext("2d", { willReadFrequently: true });
  if (!context) return [128, 128, 128, 1];
  context.fillStyle = color;
  context.fillRect(0, 0, 1, 1);
  const [red = 0, green = 0, blue = 0, alpha = 255] = context.getImageData(0, 0, 1, 1).data;
  return [red, green, blue, alpha / 255];
}

function translucent(color: string, part: number): string {
  const [red, green, blue, alpha] = channels(color);
  return `rgba(${red}, ${green}, ${blue}, ${(alpha * part).toFixed(3)})`;
}

/** So much of the first over the second. */
function mixed(over: string, under: string, part: number): string {
  const [a, b] = [channels(over), channels(under)];
  const mix = (i: 0 | 1 | 2) => Math.round(a[i] * part + b[i] * (1 - part));
  return `rgb(${mix(0)}, ${mix(1)}, ${mix(2)})`;
}
