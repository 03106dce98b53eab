/** A name or address without its port, and the port: `db:5433`, `[::1]:5433`, `::1`. */
export function splitPlace(place: string): { readonly host: string; readonly port: string } {
  const [, bracketed, plain, port = ""] = /^(?:\[([^\]]*)\]|([^:]*))(?::(\d+))?$/.exec(place) ?? [];
  return { host: bracketed ?? plain ?? place, port };
}
