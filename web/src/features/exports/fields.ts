/** What the parts of the export form share. */
import type { Recording } from "../../api/types";
import type { Form } from "../../elements/useForm";
import type { Draft } from "./draft";

export interface FieldProps {
  form: Form<Draft>;
  recording: Recording;
  /** Where the player is, in ms. */
  timeNow: () => number;
}
