import { noData, type Format } from "../../../src/mesh/format/format.ts";
import type { WriteUnit } from "./chartValues.ts";

/** Numbers of every unit in the one form. */
export function unitWriter(format: Format): WriteUnit {
  const small = new Intl.NumberFormat(format.locale, { maximumSignificantDigits: 2 });
  const plain = (value: number) => (!(value >= 0) ? noData : value >= 99.5 ? format.count(value) : small.format(value));
  return (value, unit) => {
    switch (unit) {
      case "rps":
        return format.rate(value);
      case "share":
        return format.share(value);
      case "seconds":
        return format.latency(value);
      case "bytesPerSecond":
        return format.throughput(value);
      case "bytes":
        return format.throughput(value).replace("/s", "");
      case "cores":
        return `${plain(value)} cores`;
      case "perSecond":
        return `${plain(value)}/s`;
      case "count":
        return plain(value);
    }
  };
}
