// Unpacks Chromium, its fonts and the libraries it needs into TMPDIR, with a script that starts it there.
import { writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import chromium, { inflate } from "@sparticuz/chromium";

const packed = join(dirname(fileURLToPath(import.meta.resolve("@sparticuz/chromium"))), "..", "bin");
const program = await chromium.executablePath();
await inflate(join(packed, "al2023.tar.br"));

const quote = (path) => `'${path.replaceAll("'", "'\\''")}'`;
const here = tmpdir();
writeFileSync(
  join(here, "start-chromium"),
  "#!/bin/sh\n" +
    `FONTCONFIG_PATH=${quote(join(here, "fonts"))} ` +
    `LD_LIBRARY_PATH=${quote(join(here, "al2023", "lib"))}\${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH} ` +
    `exec ${quote(program)} "$@"\n`,
  { mode: 0o755 },
);
