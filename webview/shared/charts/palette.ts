import { readTheme } from "../theme.ts";
import { legible } from "./legible.ts";
import { lineColors, type LineColor } from "./lineStyles.ts";

/** What a canvas has to be told of the theme; read once for all charts of a page. */
export interface Palette {
  readonly text: string;
  readonly quiet: string;
  readonly grid: string;
  readonly background: string;
  readonly focus: string;
  readonly font: string;
  readonly lines: Readonly<Record<LineColor, string>>;
  readonly warning: string;
  readonly error: string;
  /** Faint fills would be lost there, or be taken for colours of their own. */
  readonly isHighContrast: boolean;
}

export function readPalette(): Palette {
  const style = getComputedStyle(document.body);
  const color = (name: string, fallback: string) => style.getPropertyValue(`--vscode-${name}`).trim() || fallback;
  const text = color("foreground", "CanvasText");
  const { kind } = readTheme();
  const background = color("editor-background", "Canvas");
  const line = (name: string) => legible(color(name, text), background, text);
  return {
    text,
    quiet: color("descriptionForeground", text),
    grid: color("charts-lines", color("editorWidget-border", text)),
    background,
    focus: color("focusBorder", text),
    font: `11px ${color("font-family", "sans-serif")}`,
    lines: Object.fromEntries(
      lineColors.map((name) => [name, name === "foreground" ? text : line(`charts-${name}`)]),
    ) as Readonly<Record<LineColor, string>>,
    warning: line("charts-orange"),
    error: line("charts-red"),
    isHighContrast: kind === "highContrast" || kind === "highContrastLight",
  };
}
