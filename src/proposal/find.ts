import { findAws } from "./aws.js";
import { findCompose } from "./compose.js";
import { findDotenv, findVariables } from "./dotenv.js";
import { findKeys } from "./files.js";
import { type Findings, joinFindings } from "./finding.js";
import { findGit } from "./git.js";
import { findKubernetes } from "./kubernetes.js";
import { listFiles, type Place } from "./look.js";
import { findRailway } from "./railway.js";
import { findSsh } from "./ssh.js";
import { findTerraform } from "./terraform.js";

/** All that a manifest of this folder could speak of. Looks at files, and asks git; no network, nothing else is run. */
export function findAll(place: Place, gitProgram: string | undefined): Findings {
  const files = listFiles(place.root);
  return joinFindings([
    findRailway(place),
    findDotenv(files, place),
    findCompose(files, place),
    findVariables(place),
    findAws(place),
    findKubernetes(place),
    findTerraform(files, place),
    findSsh(place),
    findGit(place, gitProgram),
    findKeys(files, place),
  ]);
}
