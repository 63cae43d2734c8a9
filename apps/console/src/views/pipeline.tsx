import type { Pipeline, StageView } from '@outbox/console-api';
import { useConsole } from '../console';
import { count, duration, rate, ratePerSecond, several } from '../format';
import { CONDITION_WORDS, Note, Panel, Sign, Spark } from '../parts';
import { href } from '../route';

/** The way of an event, left to right, with what goes on at each stage. */
export function PipelineView() {
  const { session, pipeline } = useConsole();
  if (!pipeline) return <Note>Looking at every stage …</Note>;
  const of = (kind: StageView['kind']): StageView[] => pipeline.stages.filter((stage) => stage.kind === kind);
  const ends = [...of('consumer'), ...of('acknowledger')];
  return (
    <>
      <section class="pipeline" aria-label="Pipeline">
        <ol class="head">
          {of('outbox').map((stage) => (
            <Node key={stage.name} stage={stage} title="Outbox" about="committed, not yet published" at={pipeline.at} />
          ))}
          {of('relay').map((stage) => (
            <Node key={stage.name} stage={stage} title="Pipe" about={session.pipeName} at={pipeline.at} />
          ))}
          <li class="node">
            <h3>Bus</h3>
            <p class="word">{several(ends.length, 'queue')}</p>
            <p class="about">{session.busName}</p>
          </li>
        </ol>
        <Ends stages={ends} pipeline={pipeline} />
      </section>
      <Attention pipeline={pipeline} />
    </>
  );
}

interface NodeProps {
  readonly stage: StageView;
  readonly title: string;
  readonly about: string;
  readonly at: string;
}

function Node({ stage, title, about, at }: NodeProps) {
  const { perMinute, waiting, oldestSeconds, lagMs, deadLetters = 0 } = stage;
  return (
    <li class={`node is-${stage.condition}`}>
      <h3>
        <Sign condition={stage.condition} silent /> {title}
      </h3>
      <p class="word">{CONDITION_WORDS[stage.condition]}</p>
      <p class="about">{about}</p>
      {perMinute ? <Rate perMinute={perMinute} at={at} name={title} /> : null}
      <dl class="figures">
        {waiting === undefined ? null : <Figure name="waiting" value={count(waiting)} />}
        {oldestSeconds === undefined ? null : <Figure name="oldest" value={age(oldestSeconds)} />}
        {lagMs ? <Figure name="p50" value={duration(lagMs.p50)} /> : null}
        {lagMs ? <Figure name="p99" value={duration(lagMs.p99)} /> : null}
        {deadLetters > 0 ? <Figure name="dead letters" value={count(deadLetters)} /> : null}
      </dl>
    </li>
  );
}

function Rate({
  perMinute,
  at,
  name,
}: {
  readonly perMinute: readonly number[];
  readonly at: string;
  readonly name: string;
}) {
  const total = perMinute.reduce((sum, each) => sum + each, 0);
  return (
    <p class="rate">
      <span class="num">
        <b>{rate(ratePerSecond(perMinute, at))}</b>/s
      </span>
      <Spark values={perMinute} label={`${name}: ${several(total, 'event')} in half an hour`} />
    </p>
  );
}

function Figure({ name, value }: { readonly name: string; readonly value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd class="num">{value}</dd>
    </div>
  );
}

const COLUMNS = ['waiting', 'under way', 'oldest', 'lag p50', 'p99', 'dead'];

function Ends({ stages, pipeline }: { readonly stages: readonly StageView[]; readonly pipeline: Pipeline }) {
  const { session } = useConsole();
  const policyOf = (name: string): string =>
    session.consumers.find((consumer) => consumer.name === name)?.policy ?? 'marks as published';
  return (
    <div class="ends scroll" tabIndex={0} role="region" aria-label="Consumers">
      <table>
        <thead>
          <tr>
            <th scope="col">consumer</th>
            <th scope="col" class="num">
              per second
            </th>
            <th scope="col" class="wide">
              half an hour
            </th>
            {COLUMNS.map((name) => (
              <th key={name} scope="col" class="num">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {stages.map((stage) => (
            <tr key={stage.name} class={`is-${stage.condition}`} data-stage={stage.name}>
              <th scope="row">
                <Sign condition={stage.condition} silent /> {stage.name}
                <span class="about">
                  <span class="word">{CONDITION_WORDS[stage.condition]}</span>, {policyOf(stage.name)}
                </span>
              </th>
              <td class="num" data-label="per second">
                {rate(ratePerSecond(stage.perMinute ?? [], pipeline.at))}
              </td>
              <td class="wide">
                <Spark values={stage.perMinute ?? []} label={`${stage.name}: events by the minute`} />
              </td>
              {cellsOf(stage).map((cell, index) => (
                <td key={COLUMNS[index]} class={`num ${cell === '0' ? 'muted' : ''}`} data-label={COLUMNS[index]}>
                  {cell}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function cellsOf({ waiting = 0, underWay = 0, oldestSeconds, lagMs, deadLetters = 0 }: StageView): string[] {
  return [
    count(waiting),
    count(underWay),
    oldestSeconds === undefined ? '–' : age(oldestSeconds),
    lagMs ? duration(lagMs.p50) : '–',
    lagMs ? duration(lagMs.p99) : '–',
    count(deadLetters),
  ];
}

function age(seconds: number | null): string {
  return seconds === null ? 'no figure yet' : duration(seconds * 1_000);
}

function Attention({ pipeline }: { readonly pipeline: Pipeline }) {
  const troubled = pipeline.stages.filter(({ says }) => says.length > 0);
  const ringing = pipeline.alarms.filter(({ state }) => state === 'ALARM');
  return (
    <Panel
      title="Needs a look"
      aside={<span class="muted">objective: {pipeline.objectiveSeconds} s from commit to effect</span>}
    >
      {troubled.length + ringing.length === 0 ? (
        <Note>Nothing is behind, stopped or failing, and no alarm rings.</Note>
      ) : (
        <ul class="attention">
          {troubled.map((stage) => (
            <li key={stage.name} class={`is-${stage.condition}`}>
              <Sign condition={stage.condition} />
              <b>{stage.name}</b>
              <span>{stage.says.join('; ')}</span>
              <span class="do">
                {(stage.deadLetters ?? 0) > 0 ? <a href={href('dead-letters')}>Dead letters</a> : null}
                {stage.paused ? <PauseButton stage={stage} /> : null}
              </span>
            </li>
          ))}
          {ringing.map((alarm) => (
            <li key={alarm.name} class="is-failing">
              <Sign condition="failing" />
              <b>{alarm.name}</b>
              <span>{alarm.description}</span>
              <span class="do">
                <a href={href('alarms')}>Alarms</a>
              </span>
            </li>
          ))}
        </ul>
      )}
      <Switches pipeline={pipeline} />
    </Panel>
  );
}

/** Everything that can be paused, for a console that may change the stack. */
function Switches({ pipeline }: { readonly pipeline: Pipeline }) {
  const { session } = useConsole();
  const running = pipeline.stages.filter(({ paused }) => paused === false);
  if (!session.write || running.length === 0) return null;
  return (
    <p class="switches">
      <span class="muted">Pause</span>
      {running.map((stage) => (
        <PauseButton key={stage.name} stage={stage} />
      ))}
    </p>
  );
}

function PauseButton({ stage }: { readonly stage: StageView }) {
  const { session, start } = useConsole();
  if (!session.write || stage.paused === undefined) return null;
  const name = stage.kind === 'relay' ? 'pipe' : stage.name;
  const action = stage.paused ? 'resume' : 'pause';
  return (
    <button type="button" aria-label={`${action} ${name}`} onClick={() => start({ action, stage: name })}>
      {stage.paused ? `Resume ${name}` : name}
    </button>
  );
}
