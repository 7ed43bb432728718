import { readFileSync } from "node:fs";

export const root = new URL("../../../", import.meta.url);

export interface MenuItem {
  readonly command: string;
  readonly when?: string;
  readonly group?: string;
}

export interface Setting {
  readonly type: string;
  readonly default?: unknown;
  readonly scope?: string;
  readonly order?: number;
  readonly markdownDescription?: string;
  readonly enum?: readonly string[];
  readonly enumDescriptions?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
}

export interface Manifest {
  readonly [field: string]: unknown;
  readonly name: string;
  readonly publisher: string;
  readonly icon: string;
  readonly engines: Readonly<Record<string, string>>;
  readonly categories: readonly string[];
  readonly keywords: readonly string[];
  readonly activationEvents: readonly string[];
  readonly extensionKind: readonly string[];
  readonly dependencies?: unknown;
  readonly devDependencies: Readonly<Record<string, string>>;
  readonly capabilities: {
    readonly untrustedWorkspaces: {
      readonly supported: unknown;
      readonly description: string;
      readonly restrictedConfigurations: readonly string[];
    };
    readonly virtualWorkspaces: { readonly supported: unknown; readonly description: string };
  };
  readonly contributes: {
    readonly viewsContainers: {
      readonly activitybar: readonly { readonly id: string; readonly title: string; readonly icon: string }[];
    };
    readonly views: Readonly<Record<string, readonly { readonly id: string; readonly icon: string }[]>>;
    readonly viewsWelcome: readonly { readonly view: string; readonly contents: string; readonly when: string }[];
    readonly commands: readonly {
      readonly command: string;
      readonly title: string;
      readonly category?: string;
      readonly icon?: string;
    }[];
    readonly menus: Readonly<Record<string, readonly MenuItem[]>>;
    readonly colors: readonly {
      readonly id: string;
      readonly description: string;
      readonly defaults: Readonly<Record<"dark" | "light" | "highContrast" | "highContrastLight", string>>;
    }[];
    readonly keybindings?: readonly unknown[];
    readonly configuration: readonly {
      readonly title: string;
      readonly order: number;
      readonly properties: Readonly<Record<string, Setting>>;
    }[];
    readonly resourceLabelFormatters: readonly { readonly scheme: string }[];
    readonly walkthroughs: readonly {
      readonly id: string;
      readonly steps: readonly {
        readonly id: string;
        readonly title: string;
        readonly media: { readonly svg: string; readonly altText: string };
        readonly completionEvents: readonly string[];
      }[];
    }[];
  };
}

export function readText(file: string): string {
  return readFileSync(new URL(file, root), "utf8");
}

export const manifestText = readText("package.json");
export const manifest = JSON.parse(manifestText) as Manifest;
export const words = JSON.parse(readText("package.nls.json")) as Readonly<Record<string, string>>;
export const { contributes } = manifest;

/** What a `%key%` says; other text as it is. */
export function spoken(text: string): string {
  return /^%.+%$/.test(text) ? (words[text.slice(1, -1)] ?? "") : text;
}

export const settings: Readonly<Record<string, Setting>> = Object.assign(
  {},
  ...contributes.configuration.map(({ properties }) => properties),
) as Record<string, Setting>;

export function menu(id: string): readonly MenuItem[] {
  return contributes.menus[id] ?? [];
}
