import { expect, test } from "vitest";
import { judgeExample } from "../example-judge.js";
