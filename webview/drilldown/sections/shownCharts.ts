import type { WireChartOffer } from "../../../src/protocol/drilldown/drilldownContract.ts";
import type { ChartValues } from "../../shared/charts/chartValues.ts";

export interface ShownCharts {
  readonly values: ChartValues;
  /** Charts that were read and hold no line at all, each with why. */
  readonly empty: readonly { readonly title: string; readonly why: string }[];
}

const known = new WeakMap<ChartValues, ShownCharts>();

/** Charts with something to see, and the others by name; the same object for the same values. */
export function shownCharts(values: ChartValues): ShownCharts {
  let shown = known.get(values);
  if (!shown) {
    const { offers } = values;
    const isEmpty = ({ id }: WireChartOffer) => values.charts.get(id)?.names.length === 0;
    shown = {
      values: { ...values, offers: offers.filter((offer) => !isEmpty(offer)) },
      empty: offers
        .filter(isEmpty)
        .map(({ id, title }) => ({ title, why: values.charts.get(id)?.why.join(" ") ?? "" })),
    };
    known.set(values, shown);
  }
  return shown;
}
