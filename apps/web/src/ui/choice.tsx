import { createUniqueId, type JSX, Show } from "solid-js";

interface ChoiceProps {
  label: JSX.Element;
  /** Read out with the label; below it. */
  note?: JSX.Element;
  isChosen: boolean;
  onChoose: () => void;
  name: string;
}

/** One of several; the group around it is a fieldset with a legend. */
export function RadioChoice(props: ChoiceProps) {
  const id = createUniqueId();
  return (
    <label class="choice" for={id}>
      <input
        id={id}
        type="radio"
        class="choice__box"
        name={props.name}
        checked={props.isChosen}
        aria-describedby={props.note ? `${id}-note` : undefined}
        onChange={() => props.onChoose()}
      />
      <ChoiceText id={id} label={props.label} note={props.note} />
    </label>
  );
}

/** Yes or no, with what yes means beside it. */
export function CheckChoice(props: {
  label: JSX.Element;
  note?: JSX.Element;
  name: string;
  isChosen: boolean;
  onChange: (isChosen: boolean) => void;
  /** It is so and cannot be changed; the note says why. */
  isFixed?: boolean;
  /** The element that says what is wrong with the choice; read out with it. */
  problemId?: string | undefined;
}) {
  const id = createUniqueId();
  return (
    <label class="choice choice--plain" for={id}>
      <input
        id={id}
        type="checkbox"
        class="choice__box"
        name={props.name}
        checked={props.isChosen}
        disabled={props.isFixed}
        aria-invalid={props.problemId ? "true" : undefined}
        aria-describedby={
          [props.problemId, props.note && `${id}-note`].filter(Boolean).join(" ") || undefined
        }
        onChange={(event) => props.onChange(event.currentTarget.checked)}
      />
      <ChoiceText id={id} label={props.label} note={props.note} />
    </label>
  );
}

function ChoiceText(props: { id: string; label: JSX.Element; note?: JSX.Element }) {
  return (
    <span class="choice__text">
      <span class="choice__label">{props.label}</span>
      <Show when={props.note}>
        <span id={`${props.id}-note`} class="choice__note">
          {props.note}
        </span>
      </Show>
    </span>
  );
}
