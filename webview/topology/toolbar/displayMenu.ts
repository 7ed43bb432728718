import { html, nothing, type TemplateResult } from "lit";
import { say, type Message } from "../../../src/mesh/message.ts";
import { checkbox } from "../../shared/controls.ts";
import { words } from "../../shared/words.ts";
import type { PageModel } from "../pageModel.ts";
import type { PageState } from "../pageState.ts";
import { protocolName } from "../spoken.ts";

const switches: readonly (readonly [keyof PageState["show"], Message])[] = [
  ["clusterBoxes", say("Cluster boxes")],
  ["namespaceBoxes", say("Namespace boxes")],
  ["appBoxes", say("App boxes")],
  ["services", say("Services")],
  ["idleNodes", say("Idle nodes")],
  ["idleEdges", say("Idle edges")],
  ["animation", say("Traffic animation")],
];

/** What is drawn of what was read. Nothing moves when something is switched. */
export function displayMenu(model: PageModel): TemplateResult {
  const { show, hiddenProtocols, hiddenBoxes } = model.state;
  const protocols = [...new Set([...(model.picture?.snapshot.protocols ?? []), ...hiddenProtocols])].sort();
  return html`<h3>${words(say("Show"))}</h3>
    ${switches.map(([name, label]) =>
      checkbox({
        label: words(label),
        name: `show-${name}`,
        checked: show[name],
        onChange: (isOn) => model.change({ show: { ...model.state.show, [name]: isOn } }),
      }),
    )}
    ${protocols.length === 0 ? nothing : html`<h3>${words(say("Protocols"))}</h3>`}
    ${protocols.map((protocol) =>
      checkbox({
        label: protocolName(protocol),
        name: `protocol-${protocol}`,
        checked: !hiddenProtocols.includes(protocol),
        onChange: (isOn) => model.change({ hiddenProtocols: withOut(model.state.hiddenProtocols, protocol, isOn) }),
      }),
    )}
    ${boxSwitches(model, "cluster", say("Clusters"))} ${boxSwitches(model, "namespace", say("Namespaces"))}
    ${hiddenBoxes.length === 0 ? nothing : html`<p class="fy-quiet">${words(say("{0} switched off", hiddenBoxes.length))}</p>`}`;
}

function boxSwitches(model: PageModel, kind: "cluster" | "namespace", title: Message): TemplateResult | typeof nothing {
  const { picture, state } = model;
  const ids = picture?.boxIdsOf(kind) ?? [];
  if (!picture || ids.length < 2) return nothing;
  return html`<h3>${words(title)}</h3>
    ${ids.map((id) =>
      checkbox({
        label: picture.boxName(picture.boxIndex(id) ?? 0),
        checked: !state.hiddenBoxes.includes(id),
        onChange: (isOn) => model.change({ hiddenBoxes: withOut(model.state.hiddenBoxes, id, isOn) }),
      }),
    )}`;
}

/** The list of what is off, after one of them was switched. */
function withOut(off: readonly string[], name: string, isOn: boolean): readonly string[] {
  const others = off.filter((other) => other !== name);
  return isOn ? others : [...others, name];
}
