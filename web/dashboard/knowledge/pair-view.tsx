import type { QuestionAnswer } from "../api/types.ts";

/** A question with its answer, as visitors get it. */
export function PairView({ pair }: { readonly pair: QuestionAnswer }) {
  const { question, answer, alternatives } = pair;
  return (
    <dl className="grid grid-cols-1 gap-4 rounded-card border border-line bg-raised p-5 max-sm:p-4">
      <div>
        <dt className="text-xs text-muted">Question</dt>
        <dd className="font-medium break-words">{question}</dd>
      </div>
      {alternatives.length > 0 && (
        <div>
          <dt className="text-xs text-muted">Also asked as</dt>
          <dd>
            <ul className="list-disc pl-5">
              {alternatives.map((other) => (
                <li key={other} className="break-words">
                  {other}
                </li>
              ))}
            </ul>
          </dd>
        </div>
      )}
      <div>
        <dt className="text-xs text-muted">Answer, given word for word</dt>
        <dd className="break-words whitespace-pre-line">{answer}</dd>
      </div>
    </dl>
  );
}
