import { Buffer } from "node:buffer";
import { expect, test } from "vitest";
import { isXz, unpackXz } from "../../../src/readers/files/xz.js";

// Made by liblzma 5: four hundred lines; the same with other properties (lc=0, lp=2, pb=0); nothing; bytes that no LZMA makes shorter.
const lines = Array.from(
  { length: 400 },
  (_, at) => `${at + 1}: all that is written ${(at + 1) ** 2}\n`,
).join("");
const usual =
  "/Td6WFoAAATm1rRGAgAhARwAAAAQz1jM4C/JBQpdABiOgCX0XK5rDbb/fdBtl2EIzlPCqXWy8bKDOQMeGTC5Er8fw4ScDzXhFDi52EMPMFsTy4" +
  "gfX8YYrEzDKMbTsfL2gadUnX5Fqgc3iV1jefAydyV8o8bzcWGKUYtES2l8H6Qm1Wdo2Mp0q33NyL0gflx3pno5r920qqx+eu+i2LR2l7wAXsP2" +
  "5NF5ekhHTq/mnugzyhSYRTC6YAJMddaeTiwmjDf0Vu03hgI4m0nxyVy3vMePDVu8cumsCKpG3B3gF7wTpzb+6JoQV7HeOFDrGX27GR4GZrn1KJ" +
  "s5+dEJtgASUTA/0z1QLesKL4fp/Xo125KmdQT3TPNkbB13vm0eDHmPGftfyLhJUiZItftFgX5o67yYAQrk2ywkxmrJU+W+sX1PO5YaAGz3gVep" +
  "hZveOnqOzQk/e4A/yzPP2RboDb457z/vvaluJIINF94RcGxGuagEo02+/CyD8CsCKkyUEeVNsS/ZJEm4vSBjQpA4Uuh/4CGzTEYl0PXMlhxBVH" +
  "s9005wbvCMfRznNVXhaR+KQkvgGJXLgVXX7RSNin6tmo8vRVWaNL1YP5mItUSajPil7nc/+QXnnue7q2OKwFeTzOW/NHa5DrJGsbs5srd6bYgy" +
  "5JQvORjFezlWqg7FnVVqe8s8KmlYlsxHiHy9CNY8x2YoQOMS5LrwJOtrDy9sCH7cEKB6FpimuEItq7zsoNOEpCZ+/12Im28teXt4w/umtV6E6n" +
  "+PyTs7wC1EPyWcQSXqhWqDWBJc0FTC4e01cdWwyvyRjbHHaCK92FupbnmX00gV1ePxWVAKIEFhqZvzJE00b1+FDhmo+sSFO2ZhSEjdaNBhI8YZ" +
  "2yeEp5ILt9DXUVemFSD43o8B8UDZp/L5REdcULL6B7OrJ8ohTe7l/TlG4XXBy4JFpyi67mtJoPv3PTk7uqG9IK633yJY8o4UEuVuX9/oEPayGZ" +
  "/dtyfP+Qwp689MWXdwHdSeMmsfEFDwcXdJexUhSeXrMUY9Ceu8OZ2+SoIQE3AOTA3FZHqdlKE8uamwJJ6NSxWeh0UxkCBh8/i9dyn0Pok2mvNw" +
  "vOGv+aAphmw6TWqgjXHFvwfF57cmtjEeAXLHMj3pXS99DEIul7M5FyBLnAN1EVVbRUgYrVLHVr8d2DuvSw4f6TBfiRapo1bmexYbYQQwoqaNyg" +
  "x8+P4lJQim1S+l9VoKFgzLtGJOuAV+K/K2sQRZ4Mh4gJfCDTIILHE9CzpPL8iLzCptZh8OMwuFlaTPVNHc5Ft6pFbpKWYWF24JWHZsKG4XHCq4" +
  "dFIqQR43F8E7pLAP8xQIjY3cNTTZ/aXjqDS4hcMsBeBYM9JQlAXCwhJ4iSWgrDHlzlyRFySq4SgfvbkP2h0eQvJhLQRUbJqwPlBE1ym/CGspE9" +
  "AgBr1XGt2l9mVmjSuUJoMLQLjTjKSqIRk7L9Qycwx7MwPyTnweY8XvTmn6d3yqF96Q3mSL2LJqdMrcP9PS3ewF1tpE3Q4JKreJC7q7HJ7EXtbs" +
  "dfIaR5pLk+enrocKClQmpeK7TgMD1uKelsV788lR4bxPhTDLCUqtTM1ba/nl6PeMpyPgJg1S2f7MpXYFwkZ3C/9Ryz5xijrOsVXtLm6fjQwZ3s" +
  "TzaATftQx9iOy+F+I6NduOwJ0Y5V1+tj+9L/VrvOp4SdcJFAZilMr5GXrJskgyXBIA3t2dyrNUZ6Aoeq/Abeo9Kia1L3ekc92RIVlmYjyCdZVK" +
  "AAAAAHFFVb3rnZxoAAGmCspfAABgWbA4scRn+wIAAAAABFla";
const other =
  "/Td6WFoAAAFpIt42AgAhARYAAAB0L+Wj4C/JBUkSABiO9Gg50GBynFK4i8BbVTRScSOaadWngZ4mjNYruTj9n9Sr5SObGWvBgcXO5qIMiqcjXl" +
  "/NiT61yeKDlG0lIqBc+/+efk7XTIVIy3/vPFb2gB/vgIsZZeQzrtDuujRr+nfjnErbx3qE2hobiuFrDsZvVwq6MDXaZBnu1Sakb9oS62Ccx8AF" +
  "XEhCpg5PuBi/OhSEcA4w/YXoA4Lz3jjQNz89N9sPze8AHiJgWlQA0auzJbi6600fKUUC6W5kCQQvGlPk5MAMtxBI2enaYp2Av8ydwcyIk/8ihE" +
  "J0lNW8/bL740ONvbLlqOeZjQuPSg5jFfKGd0RSt24w1tH9HUzPnyHGB7IHNMmxUSqSlTTNd1hZNrGZaVElNTOBbERdvkGH3MGN0THSkfxlYjxA" +
  "CBnA1EGLVVZLHE79imwamz/PghLkIUUJtfZU+Qxx/EEIvuNB4mWlHX/bRZgwQRi3zzmpaMl2w2xeOeOM9ZtUNf4uQ3adAXbjKQmPCI3S+VoAZD" +
  "mWhePem2eOAoh3hsuXv+kFcRG76PnfKD9Vx9PHrkakwsaKiHrcuT5q5/pMLOLRassIVvsPd8f9pXJ0bb3QD9wQIex2Zz0n+S/7p8VpMPFo6EPm" +
  "90fZlU9ztCzS3VAdWxvw+xquNP5j/0m3AgHMaBI/C5CHtEt/DCuME6HqDdqV5ql6bZUQFP0XOHy+AurfT5bzy2aZABbx6YAIxglkh+pN0Sc8Co" +
  "sLJoseNHFujYl8MIVof+KVnb7Bmntk1JLshROx4nkXYgdCCCMgoxuRwGwd/cu6zQx+amiwO8yNiK6nc7Cm9KHlXWKPyZWiB8tDMl5ajJ5MpcY5" +
  "s/2Wx80w5OqC5WKK4xvvC3dA3t3l+ljhP2TkYn4JtVKfF8CvUD6GoJIS9c6gESef55ekLPavJ2ZqPAbk2L/Tsawn3jrcc4RLm9eWnrJDHHyShC" +
  "/uOIBEH7tIPezC4FahtCSfWoYNEat2Xy6bgA5d1AuXQmJphEKNhYmsxNq+eGt3o70xVLwqYqabrflgXTfXZ+gz6WaluqVuRL2HqAKw/6BpvGs2" +
  "6VmOjXL7MPPDyGls4KCMnKcVchJHqmfezl7WSfZ86jL+opRGx9OOKjSaMkOcUhWolYaGeQYLsj8jK752NWWKD56CaOialsZs2n0spXeI1RjX+D" +
  "hsUw+qLRdNa2AZiF65G0HjP2oAKaus2lW6GVL43Y5Ql0Vjp1yEp6cKGTVcLIFIdpKsGTC7UUOlYMbQYRzjl89WVGBq/vpRJLHPsa0ntEvuSiyn" +
  "sF2LMReuFdu4lm25T6sGXQbHeVB8zvr23n0HyuUddHZpUmzOmPh6ICF8wGgOSLT6/qAp7RdHtbPgqjnqPXE7QZwgm3pLDu/5Z4Dl5Xwb14xt0B" +
  "QMscv7iyxg4TSxlVXo5RJqTLS8tMmZfl6r0mlwgaQs7qHWlJHffIFtc1Ulz5THt/CXFRXNjjwwkQW3/mC2zoKqocylJBdp1DUw269avUrln4jb" +
  "q4gGMBl2fAzI07zycV+6eVt/6DmonVoh7hSfN17RmWW+zzEEhjd9mH96piU0QKVVVqOL4Otlg1sZzQ3ECuudMuwxgrOmbAqHv9NwYXJHEEL5Ng" +
  "8B1PS+Fk7xhpk1ltLNnEDYX9rcZYnVWtDoWTY2RtOW/YAwuOzeZiSRUvSvErJL/8n8S7zz9eLOr+zjo91WJ+Dqxi1LjD0NVp5vUsmo0qDXkLMa" +
  "/4PKkHFZxB/xg5MwiY9yVOv1i1Tn8cZyK2b5l/sOHYdiT1+c94ryISAsuP3SO13RyK2vwCAors05AzfQyrOrAAAAAACqZF3eAAHhCspfAAC0Y+" +
  "0qPjANiwIAAAAAAVla";
const nothing = "/Td6WFoAAATm1rRGAAAAABzfRCEftvN9AQAAAAAEWVo=";
const stored =
  "/Td6WFoAAAD/EtlBAgAhARYAAAB0L+WjAQD/bjQLnP+zepicpUTmu3gKLHiQHT+zNzh2hRGjBhevoB1L9RIvNEVUxTveLruM0rfj0WAK1jHDha" +
  "XXzOI8d4VFmtvBtMkA/+SNV1tdpcY4BAEl9l2w/j4kSUt26phkV9mGCE/tCLl4r019GWp0RqhrWACeY2thHbFiEbZamq3/KcXlLZxQjFAjRzRN" +
  "jAetkcvWBor8df9ikvBioJyjgcieced7mprp4wsNvbb1EKJk753ngVAde2uSronrBZxat0PbZ1humPrSfaC5lovAOaHvNMk5ubjlI6i++J1Hhg" +
  "jF7PbKNYdY9tJ+bPRScpN5d6dI/Yg5HbZ5ztp9x78fAF7oeQAAAZACgAIAAKvzLkqoAAr8AgAAAAAAWVo=";
const filtered =
  "/Td6WFoAAATm1rRGAgEEACEBFgANhjUf4AGPAGpdABiOgCX0XK5rDbb/fdBtl2EIzlPCqXWy8bKDOQMeGTC5Er8fw4ScDzXhFDi52EMPMFsTy4" +
  "gfX8YYrEzDKMbTsfL2gadUnX5Fqgc3iV1jefAydyV8o8bzcWGKUYtES2l8H6Qm1Wdo2MlPWQAAAAAemA44fXDwXAABhgGQAwAAVVXaibHEZ/sC" +
  "AAAAAARZWg==";

const unpack = (text: string, most = 1 << 20): string | undefined =>
  unpackXz(Buffer.from(text, "base64"), most)?.toString("latin1");

test.each([
  { name: "usual", text: usual, holds: lines },
  { name: "other properties", text: other, holds: lines },
  { name: "nothing", text: nothing, holds: "" },
])("$name", ({ text, holds }) => expect(unpack(text)).toBe(holds));

test("what is stored as it is", () => expect(unpack(stored)?.length).toBe(256));

test.each([
  { name: "longer than asked for", text: usual, most: lines.length - 1 },
  { name: "another filter in front", text: filtered, most: 1 << 20 },
  { name: "another format", text: Buffer.from("BZh91AY&SY").toString("base64"), most: 1 << 20 },
])("undefined: $name", ({ text, most }) => expect(unpack(text, most)).toBe(undefined));

test("one that is cut off gives no more than it had, or nothing", () => {
  const whole = Buffer.from(usual, "base64");
  for (let end = 6; end < whole.length; end += 1) {
    const start = whole.subarray(0, end);
    expect(isXz(start)).toBe(true);
    try {
      expect(lines.startsWith(unpackXz(start, 1 << 20)?.toString("latin1") ?? "")).toBe(true);
    } catch (error) {
      // The names in an archive are read within a `try`, as a torn ZIP's are.
      expect(error).toBeInstanceOf(RangeError);
    }
  }
});
