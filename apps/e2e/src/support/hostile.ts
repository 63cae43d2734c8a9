/** Texts that are markup, script or layout to whoever takes them for more than text. */
const SEEDS = [
  '<img src=x onerror="window.hacked=1">',
  '<script>window.hacked=1</script>',
  '"><svg onload=window.hacked=1>',
  "';window.hacked=1;//",
  '{{constructor.constructor("window.hacked=1")()}}',
  '${window.hacked=1}',
  'javascript:window.hacked=1',
  '<iframe srcdoc="<script>parent.hacked=1</script>">',
  '<style>*{display:none}</style>',
  '<a href="javascript:window.hacked=1">x</a>',
  '</pre><h1>out</h1>',
  '<base href="http://evil.example/">',
  '<meta http-equiv="refresh" content="0;url=http://evil.example/">',
  '<form action="http://evil.example/"><input name=a></form>',
  '&lt;b&gt;&#60;script&#62;',
  '\u202Eright to left',
  'a\u0300\u0301\u0302\u0303\u0304'.repeat(20),
  '__proto__',
  'W'.repeat(3_000),
  '%00%0d%0aSet-Cookie: a=b',
];

/** As many hostile texts as wanted, no two alike. */
export function hostileTexts(count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => `${SEEDS[index % SEEDS.length]} ${index}`);
}
