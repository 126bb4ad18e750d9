import { useState } from "react";
import { useAddDocument } from "../../api/adding.ts";
import { AreaField, TextField } from "../../ui/field.tsx";
import { type AddFormProps, Form } from "./form.tsx";
import { linesOf } from "./lines.ts";

/** A question with the answer that visitors get, word for word. */
export function QuestionForm({ onDone }: AddFormProps) {
  const [question, setQuestion] = useState("");
  const [answer, setAnswer] = useState("");
  const [others, setOthers] = useState("");
  const add = useAddDocument();
  const submit = () => {
    const alternatives = linesOf(others);
    const body = {
      question: question.trim(),
      answer: answer.trim(),
      ...(alternatives.length > 0 && { alternatives }),
    };
    add.mutate(body, { onSuccess: onDone });
  };
  return (
    <Form
      submit="Add question and answer"
      failure="The question and its answer were not added"
      busy={add.isPending}
      error={add.error}
      onSubmit={submit}
      onCancel={onDone}
    >
      <TextField
        label="Question"
        required
        maxLength={500}
        value={question}
        onChange={(event) => setQuestion(event.target.value)}
      />
      <AreaField
        label="Answer"
        hint="Visitors who ask this get this answer."
        required
        rows={5}
        maxLength={20_000}
        value={answer}
        onChange={(event) => setAnswer(event.target.value)}
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
