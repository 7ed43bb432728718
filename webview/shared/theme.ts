/** What VS Code says of the user's eyes by classes of the page's body. */
export interface Theme {
  readonly kind: "dark" | "light" | "highContrast" | "highContrastLight";
  readonly wantsLessMotion: boolean;
  readonly usesScreenReader: boolean;
}

export function readTheme(): Theme {
  const { classList } = document.body;
  return {
    kind: kindOf(classList),
    wantsLessMotion:
      classList.contains("vscode-reduce-motion") || window.matchMedia("(prefers-reduced-motion: reduce)").matches,
    usesScreenReader: classList.contains("vscode-using-screen-reader"),
  };
}

/** Calls when a class of the body changes, which is how VS Code tells of another theme; variables are new by then. */
export function watchTheme(changed: (theme: Theme) => void): { dispose(): void } {
  const observer = new MutationObserver(() => changed(readTheme()));
  observer.observe(document.body, { attributes: true, attributeFilter: ["class"] });
  return { dispose: () => observer.disconnect() };
}

/** The value of a theme's variable, e.g. "--vscode-foreground". */
export function themeColor(name: string, fallback: string): string {
  return getComputedStyle(document.body).getPropertyValue(name).trim() || fallback;
}

function kindOf(classes: DOMTokenList): Theme["kind"] {
  if (classes.contains("vscode-high-contrast-light")) return "highContrastLight";
  if (classes.contains("vscode-high-contrast")) return "highContrast";
  return classes.contains("vscode-light") ? "light" : "dark";
}
