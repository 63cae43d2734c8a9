import { judgeAccess, type AccessRules, type Need } from './access';

const rules: AccessRules = {
  hosts: ['127.0.0.1:4800', 'localhost:4800'],
  session: 'secret',
  cookieName: 'outbox-console-4800',
  token: 'page-token',
};
const good = {
  host: '127.0.0.1:4800',
  origin: 'http://127.0.0.1:4800',
  'sec-fetch-site': 'same-origin',
  cookie: 'a=b; outbox-console-4800=secret',
  'x-console-token': 'page-token',
  'content-type': 'application/json',
};

describe('a request to the console', () => {
  it.each(['page', 'data', 'action'] satisfies Need[])('of its own page is served: %s', (need) => {
    expect(judgeAccess(good, need, rules)).toEqual({ kind: 'allowed' });
  });

  it.each([
    ['page', 'under a foreign name that leads here', { host: 'evil.example:4800' }, 403],
    ['page', 'without a name', { host: undefined }, 403],
    ['page', 'from another origin', { origin: 'http://evil.example' }, 403],
    ['data', 'from another port of this machine', { origin: 'http://127.0.0.1:9999' }, 403],
    ['data', 'from a page of another site', { origin: undefined, 'sec-fetch-site': 'cross-site' }, 403],
    ['data', 'from a page of another port', { origin: undefined, 'sec-fetch-site': 'same-site' }, 403],
    ['data', 'without a session', { cookie: undefined }, 401],
    ['data', 'with a session that ended', { cookie: 'outbox-console-4800=other!' }, 401],
    ['data', 'with a session of another port', { cookie: 'outbox-console-4801=secret' }, 401],
    ['action', 'without the page’s token', { 'x-console-token': undefined }, 403],
    ['action', 'with a token that is wrong', { 'x-console-token': 'page-tokem' }, 403],
    ['action', 'that a form can send', { 'content-type': 'text/plain' }, 415],
  ] satisfies [Need, string, Record<string, string | undefined>, number][])(
    'for %s %s is refused',
    (need, _how, changed, status) => {
      expect(judgeAccess({ ...good, ...changed }, need, rules)).toMatchObject({ kind: 'refused', status });
    },
  );

  it('needs no session where the stack is local, and its token all the same', () => {
    const open = { ...rules, session: undefined };
    expect(judgeAccess({ ...good, cookie: undefined }, 'action', open)).toEqual({ kind: 'allowed' });
    expect(judgeAccess({ ...good, 'x-console-token': '' }, 'action', open)).toMatchObject({ status: 403 });
  });
});
