import type { Agent } from "./agent.js";
import { claude } from "./claude.js";
import { codex } from "./codex.js";
import { gemini } from "./gemini.js";
import { opencode } from "./opencode.js";

export const agents: readonly Agent[] = [claude, codex, opencode, gemini];
