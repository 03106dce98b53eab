import {
  type CodeCall,
  type CodeValue,
  eitherValue,
  hiddenValue,
  itemsOf,
  nameOf,
  plainText,
} from "./values.js";

/** Calls that a call makes of a function it is given: `map(os.remove, files)`, `files.forEach(fs.unlinkSync)`. */
export function appliedCalls(call: CodeCall): readonly CodeCall[] {
  const { name, receiver, values, named } = call;
  const [first, second] = values;
  const method = name.slice(name.lastIndexOf(".") + 1);
  if (
    /^(send|public_send|__send__)$/.test(method) &&
    receiver !== undefined &&
    plainText(first) !== undefined
  )
    return [applied(call, `${nameOf(receiver)}.${plainText(first)}`, receiver, values.slice(1))];
  if (receiver?.kind === "made" && holders.test(receiver.call.name) && invokes.test(name))
    return apply(call, receiver, values);
  const key = named.get("key");
  if (key !== undefined && /(^|\.)(sorted|sort|min|max|groupby)$/.test(name))
    return apply(call, key, [elementsOf(first ?? receiver ?? hiddenValue(call.source))]);
  if (method === "call_user_func") return apply(call, first, values.slice(1));
  if (/^(call_user_func_array|do\.call)$/.test(name) && second !== undefined)
    return apply(call, first, itemsOf(second));
  if (name === "Reflect.apply") return apply(call, first, values.slice(2).flatMap(itemsOf));
  if (kept.test(name)) return apply(call, first, values.slice(1));
  if (/^(call|apply|bind)$/.test(method) && receiver?.kind === "name")
    return [
      applied(
        call,
        receiver.name,
        undefined,
        method === "apply" ? values.slice(1).flatMap(itemsOf) : values.slice(1),
      ),
    ];
  if (/^(setTimeout|setInterval|finalize|weakref\.finalize)$/.test(name))
    return name.startsWith("set")
      ? apply(call, first, values.slice(2))
      : apply(call, second, values.slice(2));
  if (/(^|\.)(Thread|Process|Timer)$/.test(name)) return readThread(call);
  if (/\.run_in_executor$/.test(name)) return apply(call, second, values.slice(2));
  // The function comes first, or what it is applied to does.
  if (/^(map|starmap|array_map|foreach|pmap|asyncmap|purrr\.walk|filter)$/.test(name) && second !== undefined)
    return apply(call, first, [elementsOf(second)]);
  if (
    /^(array_walk|array_filter|lapply|sapply|vapply|Enum\.each|Enum\.map|async\.each|Promise\.map|walk|submit)$/.test(
      name,
    ) &&
    first !== undefined
  )
    return apply(call, second, [elementsOf(first)]);
  if (
    /^(forEach|map|flatMap|each|each_entry|each_child|map!|tap|then)$/.test(method) &&
    receiver !== undefined &&
    values.length === 1
  )
    return applyEach(call, first, elementsOf(receiver));
  if (
    /\.(submit|apply_async|map|map_async|starmap|imap|imap_unordered|takewhile|dropwhile|filterfalse)$/.test(
      name,
    ) &&
    values.length > 1
  )
    return apply(call, first, values.slice(1).map(elementsOf));
  return [];
}

/** They keep a function, and what it is to be called with, for later. */
const kept =
  /^((functools\.)?partial|atexit\.register|register_shutdown_function|setImmediate|process\.nextTick|queueMicrotask|asyncio\.to_thread|forward_static_call|curry|operator\.call|pcall)$|\.(call_soon|call_soon_threadsafe|callback|addfinalizer)$/;

/** What holds a function that is called later: `File.method(:delete).call("x")`, `methodcaller("unlink")(path)`. */
const holders = /(^|\.)(method|methodcaller|ReflectionFunction)$/;
const invokes = /\(\)(\.(call|yield|invoke))?$/;

/** Ruby's `&:delete` is a method of each element. */
function applyEach(call: CodeCall, callee: CodeValue | undefined, element: CodeValue): readonly CodeCall[] {
  const text = plainText(callee);
  return text !== undefined && /^\w+[!?]?$/.test(text)
    ? [applied(call, `${nameOf(element)}.${text}`, element, [])]
    : apply(call, callee, [element]);
}

/** `Thread(target=os.remove, args=("x",))`, `Timer(5, os.remove, ["x"])` */
function readThread(call: CodeCall): readonly CodeCall[] {
  const { named, values } = call;
  const callee = named.get("target") ?? named.get("function") ?? values[1];
  const given = named.get("args") ?? values[2];
  return apply(call, callee, given === undefined ? [] : itemsOf(given));
}

function elementsOf(value: CodeValue): CodeValue {
  return value.kind === "list" ? eitherValue(value.items, "an element of a list") : value;
}

/** A function by its name, as a value or, in PHP, as a text. */
function apply(
  call: CodeCall,
  callee: CodeValue | undefined,
  values: readonly CodeValue[],
): readonly CodeCall[] {
  const text = plainText(callee);
  const [own, ...rest] = values;
  if (callee?.kind === "made" && /(^|\.)methodcaller$/.test(callee.call.name) && own !== undefined) {
    const [method, ...given] = callee.call.values;
    return [applied(call, `${nameOf(own)}.${plainText(method) ?? ""}`, own, [...given, ...rest])];
  }
  const name =
    callee?.kind === "name"
      ? callee.name
      : text !== undefined && /^\w+$/.test(text)
        ? text
        : methodOf(callee);
  return name === undefined ? [] : [applied(call, name, undefined, values)];
}

/** `File.method(:delete)`, `method(:puts)` */
function methodOf(callee: CodeValue | undefined): string | undefined {
  if (callee?.kind !== "made") return undefined;
  const [whole, owner] = /^(?:(.+)\.)?(?:method|ReflectionFunction)$/.exec(callee.call.name) ?? [];
  const name = plainText(callee.call.values[0]);
  if (whole !== undefined) return name === undefined || owner === undefined ? name : `${owner}.${name}`;
  // Elixir's `&File.rm!/1`
  return callee.call.values.length === 0 ? callee.call.name : undefined;
}

function applied(
  call: CodeCall,
  name: string,
  receiver: CodeValue | undefined,
  values: readonly CodeValue[],
): CodeCall {
  return { ...call, name, receiver, values, named: new Map() };
}
