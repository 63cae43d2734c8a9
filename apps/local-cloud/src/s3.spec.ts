import { strToU8, zipSync } from 'fflate';
import type { Caller } from '@outbox/local-cloud-kernel';
import { ACCOUNT, allow, policyOf, readerRole } from './testing/reader-role';

const OTHER = '111111111111';

/** Who may do what with objects, by the whole engine's identity and keys. */
describe('buckets and who may use them', () => {
  const { identity, admin, call, create, mayDo } = readerRole();
  let reader: Caller | undefined;
  const read = (Key: string, more: object = {}) =>
    call('s3', 'GetObject', { Bucket: 'code', Key, ...more }, reader).then(async ({ Body }) =>
      Buffer.from((await Body?.transformToByteArray()) ?? []).toString(),
    );
  const BUCKET = 'arn:aws:s3:::code';

  beforeAll(async () => {
    reader = await create();
    await call('s3', 'CreateBucket', { Bucket: 'code' });
    await call('s3', 'PutObject', { Bucket: 'code', Key: 'a/b', Body: 'x', Tagging: 'team=orders' });
  });

  it('a role needs the action on the object, and is told in S3’s words', async () => {
    await mayDo(allow('s3:GetObject', `${BUCKET}/other/*`));
    await expect(read('a/b')).rejects.toThrow(
      'is not authorized to perform: s3:GetObject on resource: "arn:aws:s3:::code/a/b" because no identity-based policy allows the s3:GetObject action',
    );
    await mayDo(allow('s3:GetObject', `${BUCKET}/a/*`));
    expect(await read('a/b')).toBe('x');
    await mayDo(allow('s3:GetObject', '*', { StringEquals: { 's3:ExistingObjectTag/team': 'orders' } }));
    expect(await read('a/b')).toBe('x');
  });

  it('that there is no object is told to who may list them', async () => {
    await mayDo(allow('s3:GetObject', `${BUCKET}/*`));
    await expect(read('nowhere')).rejects.toMatchObject({ code: 'AccessDenied' });
    await mayDo(allow('s3:GetObject', `${BUCKET}/*`), allow('s3:ListBucket', BUCKET));
    await expect(read('nowhere')).rejects.toMatchObject({ code: 'NoSuchKey' });
  });

  it('a version needs an action of its own', async () => {
    await mayDo(allow('s3:GetObject', `${BUCKET}/*`));
    await expect(read('a/b', { VersionId: 'null' })).rejects.toThrow('s3:GetObjectVersion');
  });

  it('of several that are deleted each is allowed or denied for itself', async () => {
    await mayDo(allow('s3:DeleteObject', `${BUCKET}/mine/*`));
    const Delete = { Objects: [{ Key: 'mine/1' }, { Key: 'a/b' }] };
    const { Deleted, Errors } = await call('s3', 'DeleteObjects', { Bucket: 'code', Delete }, reader);
    expect([Deleted?.map(({ Key }) => Key), Errors?.map(({ Key, Code }) => [Key, Code])]).toEqual([
      ['mine/1'],
      [['a/b', 'AccessDenied']],
    ]);
  });

  it('another account is let in by the bucket’s policy, and needs its own, too', async () => {
    const stranger = identity.resolve(OTHER)?.caller;
    const get = () => call('s3', 'GetObject', { Bucket: 'code', Key: 'a/b' }, stranger);
    await expect(get()).rejects.toMatchObject({ code: 'AccessDeniedException' });
    const Policy = policyOf({ ...allow('s3:GetObject', `${BUCKET}/*`), Principal: { AWS: OTHER } });
    await call('s3', 'PutBucketPolicy', { Bucket: 'code', Policy });
    await get();
    const put = call('s3', 'PutObject', { Bucket: 'code', Key: 'c', Body: 'x' }, stranger);
    await expect(put).rejects.toMatchObject({ code: 'AccessDeniedException' });
  });

  it('names are everybody’s, and a bucket is in one region', async () => {
    const stranger = identity.resolve(OTHER)?.caller;
    const taken = call('s3', 'CreateBucket', { Bucket: 'code' }, stranger);
    await expect(taken).rejects.toMatchObject({ code: 'BucketAlreadyExists' });
    const elsewhere = call('s3', 'HeadBucket', { Bucket: 'code' }, admin, 'eu-west-1');
    await expect(elsewhere).rejects.toMatchObject({ code: 'PermanentRedirect', status: 301 });
  });

  it('an object under a customer’s key needs it of who puts and of who gets it', async () => {
    const { KeyMetadata } = await call('kms', 'CreateKey', {});
    const keyArn = KeyMetadata?.Arn ?? '';
    const put = () =>
      call(
        's3',
        'PutObject',
        { Bucket: 'code', Key: 'keyed', Body: 'x', ServerSideEncryption: 'aws:kms', SSEKMSKeyId: keyArn },
        reader,
      );
    const objects = allow(['s3:GetObject', 's3:PutObject'], `${BUCKET}/*`);
    await mayDo(objects);
    await expect(put()).rejects.toThrow('kms:GenerateDataKey');
    const via = { StringEquals: { 'kms:ViaService': 's3.us-east-1.amazonaws.com' } };
    await mayDo(objects, allow('kms:GenerateDataKey', keyArn, via));
    expect(await put()).toMatchObject({ SSEKMSKeyId: keyArn });
    await expect(read('keyed')).rejects.toThrow('kms:Decrypt');
    await mayDo(objects, allow('kms:Decrypt', keyArn, via));
    expect(await read('keyed')).toBe('x');
  });

  it('a function’s code is fetched with the permissions of who makes the function', async () => {
    const zip = zipSync({ 'index.js': strToU8('exports.handler = async () => 1;') });
    await call('s3', 'PutObject', { Bucket: 'code', Key: 'f.zip', Body: zip });
    const layer = (S3Key: string) =>
      call('lambda', 'PublishLayerVersion', { LayerName: 'l', Content: { S3Bucket: 'code', S3Key } }, reader);
    await mayDo(allow('lambda:*', '*'));
    await expect(layer('f.zip')).rejects.toThrow('s3:GetObject');
    await mayDo(allow(['lambda:*', 's3:GetObject', 's3:ListBucket'], '*'));
    expect((await layer('f.zip')).Content?.CodeSize).toBe(zip.byteLength);
    await expect(layer('nowhere')).rejects.toMatchObject({
      code: 'InvalidParameterValueException',
      message:
        'Error occurred while GetObject. S3 Error Code: NoSuchKey. S3 Error Message: The specified key does not exist.',
    });
  });

  describe('where a policy speaks of more than who asks', () => {
    const write = allow(['s3:PutObject', 's3:GetObject', 's3:PutObjectTagging'], `${BUCKET}/*`);
    const policy = (...statements: object[]) =>
      call('s3', 'PutBucketPolicy', { Bucket: 'code', Policy: policyOf(...statements) });
    const deny = (Action: string, Condition: object) => ({
      ...{ Effect: 'Deny', Principal: { AWS: ACCOUNT }, Action, Resource: `${BUCKET}/*`, Condition },
    });
    const put = { Bucket: 'code', Key: 'w' };
    const copy = { ...put, CopySource: 'code/plain' };
    const encrypted = { ServerSideEncryption: 'aws:kms' } as const;

    beforeAll(() => call('s3', 'PutObject', { Bucket: 'code', Key: 'plain', Body: 'x' }));
    afterEach(() => call('s3', 'DeleteBucketPolicy', { Bucket: 'code' }));

    it('every way to write an object tells how it is to be encrypted', async () => {
      await mayDo(write, allow('kms:*', '*'));
      await policy({
        ...deny('s3:PutObject', { StringNotEquals: { 's3:x-amz-server-side-encryption': 'aws:kms' } }),
        Principal: '*',
      });
      const denied = { code: 'AccessDeniedException' };
      await expect(call('s3', 'PutObject', put, reader)).rejects.toMatchObject(denied);
      await expect(call('s3', 'CopyObject', copy, reader)).rejects.toMatchObject(denied);
      await expect(call('s3', 'CreateMultipartUpload', put, reader)).rejects.toMatchObject(denied);
      await call('s3', 'PutObject', { ...put, ...encrypted }, reader);
      await call('s3', 'CopyObject', { ...copy, ...encrypted }, reader);
      await call('s3', 'CreateMultipartUpload', { ...put, ...encrypted }, reader);
    });

    it('every way to write an object tells its key, its ACL and where it goes', async () => {
      const names = ['s3:x-amz-server-side-encryption-aws-kms-key-id', 's3:x-amz-acl', 's3:ResourceAccount'];
      const { KeyMetadata } = await call('kms', 'CreateKey', {});
      const more = { ...encrypted, SSEKMSKeyId: KeyMetadata?.Arn ?? '', ACL: 'bucket-owner-full-control' } as const;
      for (const name of names) {
        await mayDo(allow('s3:*', '*', { Null: { [name]: 'false' } }), allow('kms:*', '*'), allow('s3:GetObject', '*'));
        await call('s3', 'PutObject', { ...put, ...more }, reader);
        await call('s3', 'CopyObject', { ...copy, ...more }, reader);
        await call('s3', 'CreateMultipartUpload', { ...put, ...more }, reader);
      }
    });

    it('an ACL needs s3:PutObjectAcl however the object comes', async () => {
      await mayDo(write);
      const ACL = 'bucket-owner-full-control';
      await expect(call('s3', 'CopyObject', { ...copy, ACL }, reader)).rejects.toThrow('s3:PutObjectAcl');
      await expect(call('s3', 'CreateMultipartUpload', { ...put, ACL }, reader)).rejects.toThrow('s3:PutObjectAcl');
    });

    it('a write on a condition can be demanded', async () => {
      await mayDo(write);
      await policy(deny('s3:PutObject', { Null: { 's3:if-none-match': 'true' } }));
      const key = { Bucket: 'code', Key: 'once' };
      await expect(call('s3', 'PutObject', key, reader)).rejects.toMatchObject({ code: 'AccessDeniedException' });
      await call('s3', 'PutObject', { ...key, IfNoneMatch: '*' }, reader);
    });

    it('tags are copied by who may read and set them', async () => {
      const tagged = { ...put, CopySource: 'code/a/b' };
      await mayDo(allow(['s3:PutObject', 's3:GetObject'], `${BUCKET}/*`));
      await expect(call('s3', 'CopyObject', tagged, reader)).rejects.toThrow('s3:GetObjectTagging');
      await mayDo(allow(['s3:PutObject', 's3:GetObject', 's3:GetObjectTagging'], `${BUCKET}/*`));
      await expect(call('s3', 'CopyObject', tagged, reader)).rejects.toThrow('s3:PutObjectTagging');
      await call('s3', 'CopyObject', { ...tagged, TaggingDirective: 'REPLACE' }, admin);
    });

    it('a bucket that is held from the public is its account’s alone, whatever its policy says', async () => {
      const stranger = identity.resolve(OTHER)?.caller;
      const get = () => call('s3', 'GetObject', { Bucket: 'code', Key: 'plain' }, stranger);
      const block = (RestrictPublicBuckets: boolean) =>
        call('s3', 'PutPublicAccessBlock', {
          ...{ Bucket: 'code', PublicAccessBlockConfiguration: { RestrictPublicBuckets } },
        });
      await block(false);
      await policy({ ...allow('s3:GetObject', `${BUCKET}/*`), Principal: '*' });
      await get();
      await block(true);
      await expect(get()).rejects.toMatchObject({ code: 'AccessDeniedException' });
      await mayDo(allow('s3:ListBucket', BUCKET));
      expect(await read('plain')).toBe('x');
    });

    it('the owner gets out of a policy that denies everything', async () => {
      await policy({ Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: [BUCKET, `${BUCKET}/*`] });
      await expect(call('s3', 'GetBucketTagging', { Bucket: 'code' })).rejects.toMatchObject({
        code: 'AccessDeniedException',
      });
      await call('s3', 'GetBucketPolicy', { Bucket: 'code' });
      await mayDo(allow('s3:*', '*'));
      await expect(call('s3', 'DeleteBucketPolicy', { Bucket: 'code' }, reader)).rejects.toMatchObject({
        code: 'AccessDeniedException',
      });
    });
  });
});
