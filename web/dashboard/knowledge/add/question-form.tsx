import { useState } from "react";
import { useAddDocument } from "../../api/adding.ts";
import type { QuestionAnswer } from "../../api/types.ts";
import { AreaField } from "../../ui/field.tsx";
import { type AddFormProps, type FieldsProps, Form } from "./form.tsx";
import { linesOf } from "./lines.ts";
import { AnswerField, QuestionField } from "./pair-fields.tsx";

const NOTHING: QuestionAnswer = { question: "", answer: "", alternatives: [] };

/** A question with the answer that visitors get, word for word. */
export function QuestionForm({ onDone }: AddFormProps) {
  const add = useAddDocument();
  return (
    <QuestionFields
      pair={NOTHING}
      submit="Add question and answer"
      failure="The question and its answer were not added"
      busy={add.isPending}
      error={add.error}
      added={add.data}
      already="This question with this answer is there already:"
      onSend={(pair) => add.mutate(pair, { onSuccess: ({ known }) => known || onDone() })}
      onCancel={onDone}
    />
  );
}

interface QuestionFieldsProps extends FieldsProps {
  /** What the fields begin with. */
  readonly pair: QuestionAnswer;
  readonly onSend: (pair: QuestionAnswer) => void;
}

export function QuestionFields({ pair, onSend, ...form }: QuestionFieldsProps) {
  const [question, setQuestion] = useState(pair.question);
  const [answer, setAnswer] = useState(pair.answer);
  const [others, setOthers] = useState(pair.alternatives.join("\n"));
  const send = () =>
    onSend({ question: question.trim(), answer: answer.trim(), alternatives: linesOf(others) });
  return (
    <Form {...form} onSubmit={send}>
      <QuestionField value={question} onChange={setQuestion} />
      <AnswerField
        hint="Visitors who ask this get this answer, word for word."
        value={answer}
        onChange={setAnswer}
      />
      <AreaField
        label="Other ways to ask it (optional)"
        hint="One a line, as your visitors would put it."
        rows={3}
        value={others}
        onChange={(event) => setOthers(event.target.value)}
      />
    </Form>
  );
}
