import { useEffect, useRef, useState } from "react";
import type { UnansweredBody } from "../../api/types.ts";
import { useAnswerQuestion } from "../../api/unanswered.ts";
import { useLeaveGuard } from "../../router/history.ts";
import { Form } from "../add/form.tsx";
import { AnswerField, QuestionField } from "../add/pair-fields.tsx";

interface AnswerFormProps {
  readonly group: UnansweredBody;
  readonly onClose: () => void;
}

/** The answer becomes part of the knowledge, under the question as it stands here. */
export function AnswerForm({ group, onClose }: AnswerFormProps) {
  const [question, setQuestion] = useState(group.question.slice(0, 500));
  const [answer, setAnswer] = useState("");
  const give = useAnswerQuestion(group.id);
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => box.current?.querySelector("textarea")?.focus(), []);
  useLeaveGuard(answer.trim() !== "" && !give.isPending && !give.isSuccess, "Answer");
  return (
    <div ref={box} className="border-t border-line pt-4">
      <Form
        submit="Save answer"
        failure="The answer was not saved"
        busy={give.isPending}
        error={give.error}
        onSubmit={() =>
          give.mutate({ question: question.trim(), answer: answer.trim() }, { onSuccess: onClose })
        }
        onCancel={onClose}
      >
        <QuestionField hint="Put it as most visitors would ask it." value={question} onChange={setQuestion} />
        <AnswerField
          hint="Visitors who ask this from now on get this answer. Those who asked before are not written to."
          value={answer}
          onChange={setAnswer}
        />
      </Form>
    </div>
  );
}
