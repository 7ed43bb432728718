import { commands } from "vscode";
import type { LevelPath } from "../../mesh/drilldown/level.ts";
import type { LiveMesh } from "../../mesh/live/liveMesh.ts";
import type { ResourceRef } from "../../mesh/metadata/providers.ts";
import type { ObjectRef } from "../../mesh/model/refs.ts";
import type { DrilldownContract } from "../../protocol/drilldown/drilldownContract.ts";
import type { DrilldownDesk } from "./drilldownServer.ts";
import { leadsNowhere } from "./pageErrors.ts";
import { resourceRefOf } from "./resourceRef.ts";
import { cardActionId, wireCard, wireForeignCharts } from "./wireCards.ts";

type Loading = DrilldownContract["requests"]["cards.load"];

interface CardAction {
  readonly command: string;
  readonly arguments: readonly unknown[];
}

const chartSteps = 120;
const leastStepSeconds = 15;

/** What third parties know of a level. A command of theirs runs only when a person chooses it. */
export class DrilldownCards {
  readonly #desk: Pick<DrilldownDesk, "connection" | "metadata">;
  #actions: ReadonlyMap<string, CardAction> = new Map();

  constructor(desk: Pick<DrilldownDesk, "connection" | "metadata">) {
    this.#desk = desk;
  }

  async load({ path, atMillis, rangeSeconds }: Loading["params"], signal: AbortSignal): Promise<Loading["result"]> {
    const { connection, metadata } = this.#desk;
    const { live } = connection;
    const ref = live && resourceOf(live, path);
    if (!ref) return { cards: [], charts: { times: new Float64Array(0), charts: [] } };
    const toMillis = atMillis ?? live.drilldown().now();
    const range = {
      fromMillis: toMillis - rangeSeconds * 1000,
      toMillis,
      stepSeconds: Math.max(leastStepSeconds, Math.ceil(rangeSeconds / chartSteps)),
    };
    const [cards, charts] = await Promise.all([metadata.cards(ref, signal), metadata.charts(ref, range, signal)]);
    this.#actions = new Map(
      cards.flatMap((card) =>
        (card.metadata?.actions ?? []).map(({ command, arguments: given = [] }, at) => {
          return [cardActionId(card.providerId, at), { command, arguments: given }] as const;
        }),
      ),
    );
    return { cards: cards.map(wireCard), charts: wireForeignCharts(charts, range) };
  }

  knows(id: string): boolean {
    return this.#actions.has(id);
  }

  async run(id: string): Promise<void> {
    const action = this.#actions.get(id);
    if (!action) throw leadsNowhere();
    await commands.executeCommand(action.command, ...action.arguments);
  }

  forget(): void {
    this.#actions = new Map();
  }
}

/** Whom providers are asked about: a service of several clusters by its first member. */
function resourceOf(live: LiveMesh, path: LevelPath): ResourceRef | undefined {
  const at = path.at(-1);
  if (!at) return undefined;
  return resourceRefOf(live, at.level === "meshService" ? (memberOf(live, at.ref) ?? at.ref) : at.ref);
}

function memberOf({ services }: LiveMesh, { namespace, name }: ObjectRef): ObjectRef | undefined {
  return services.find(({ ref }) => ref.namespace === namespace && ref.name === name)?.ref;
}
