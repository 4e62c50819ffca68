import { createSignal, createUniqueId, For, Show } from "solid-js";
import { afterPress } from "./after-press.ts";

interface FieldProps {
  label: string;
  name: string;
  value: string;
  onInput: (value: string) => void;
  /** The value is meant: the field was left, or something was chosen. */
  onCommit?: (() => void) | undefined;
  type?: "text" | "email" | "url";
  /** Which keys a phone shows. */
  inputMode?: "numeric" | "decimal";
  autocomplete?: string;
  hint?: string | undefined;
  /** Something to look at again that forbids nothing. Read out when it appears. */
  advice?: string | undefined;
  problem?: string | undefined;
  isOptional?: boolean;
  placeholder?: string;
  maxLength?: number;
}

/** A labelled input whose hint and problem are read out with it. */
export function TextField(props: FieldProps) {
  const id = createUniqueId();
  return (
    <div class="field">
      <FieldLabel id={id} {...props} />
      <input
        {...inputProps(props, id)}
        type={props.type ?? "text"}
        autocapitalize={props.type ? "none" : undefined}
        inputMode={props.inputMode}
        spellcheck={false}
        onInput={(event) => props.onInput(event.currentTarget.value)}
        onChange={() => afterPress(() => props.onCommit?.())}
      />
      <FieldNotes id={id} {...props} />
    </div>
  );
}

interface Option {
  readonly value: string;
  readonly label: string;
}

interface SelectFieldProps extends FieldProps {
  options?: readonly Option[];
  /** After the options, under headings of their own. */
  groups?: readonly { readonly label: string; readonly options: readonly Option[] }[];
  /** The first entry says that nothing is chosen yet; left out where something always is. */
  unchosen?: string;
}

/** The same for one of many values. */
export function SelectField(props: SelectFieldProps) {
  const id = createUniqueId();
  return (
    <div class="field">
      <FieldLabel id={id} {...props} />
      <select
        {...inputProps(props, id)}
        onChange={(event) => {
          props.onInput(event.currentTarget.value);
          props.onCommit?.();
        }}
      >
        <Show when={props.unchosen}>
          <option value="">{props.unchosen}</option>
        </Show>
        <Options options={props.options ?? []} value={props.value} />
        <For each={props.groups}>
          {(group) => (
            <optgroup label={group.label}>
              <Options options={group.options} value={props.value} />
            </optgroup>
          )}
        </For>
      </select>
      <FieldNotes id={id} {...props} />
    </div>
  );
}

function Options(props: { options: readonly Option[]; value: string }) {
  return (
    <For each={props.options}>
      {(option) => (
        <option value={option.value} selected={option.value === props.value}>
          {option.label}
        </option>
      )}
    </For>
  );
}

/** The same for a password, which may be looked at. */
export function PasswordField(props: Omit<FieldProps, "type">) {
  const id = createUniqueId();
  const [isShown, setShown] = createSignal(false);
  return (
    <div class="field">
      <FieldLabel id={id} {...props} />
      <div class="field__with-button">
        <input
          {...inputProps(props, id)}
          type={isShown() ? "text" : "password"}
          autocapitalize="none"
          spellcheck={false}
          onInput={(event) => props.onInput(event.currentTarget.value)}
        />
        <button
          type="button"
          class="field__button"
          aria-pressed={isShown()}
          aria-controls={id}
          onClick={() => setShown(!isShown())}
        >
          {isShown() ? "Hide" : "Show"}
          <span class="visually-hidden"> password</span>
        </button>
      </div>
      <FieldNotes id={id} {...props} />
    </div>
  );
}

function inputProps(props: FieldProps, id: string) {
  return {
    id,
    class: "input",
    get name() {
      return props.name;
    },
    get value() {
      return props.value;
    },
    get autocomplete() {
      return props.autocomplete;
    },
    get placeholder() {
      return props.placeholder;
    },
    get maxLength() {
      return props.maxLength;
    },
    // Said to assistive technology only: the browser's own bubbles would speak before ours.
    get "aria-required"() {
      return props.isOptional ? undefined : ("true" as const);
    },
    get "aria-invalid"() {
      return props.problem ? ("true" as const) : undefined;
    },
    get "aria-describedby"() {
      const notes = [
        props.problem && `${id}-problem`,
        props.advice && `${id}-advice`,
        props.hint && `${id}-hint`,
      ];
      return notes.filter(Boolean).join(" ") || undefined;
    },
  };
}

function FieldLabel(props: { id: string; label: string; isOptional?: boolean }) {
  return (
    <label for={props.id} class="field__label">
      {props.label}
      <Show when={props.isOptional}>
        <span class="field__optional"> (optional)</span>
      </Show>
    </label>
  );
}

function FieldNotes(props: { id: string } & Pick<FieldProps, "hint" | "advice" | "problem">) {
  return (
    <>
      <Show when={props.problem}>
        <p id={`${props.id}-problem`} class="field__problem">
          {props.problem}
        </p>
      </Show>
      <Show when={props.advice !== undefined}>
        <p id={`${props.id}-advice`} class="field__advice" role="status">
          {props.advice}
        </p>
      </Show>
      <Show when={props.hint}>
        <p id={`${props.id}-hint`} class="field__hint">
          {props.hint}
        </p>
      </Show>
    </>
  );
}
