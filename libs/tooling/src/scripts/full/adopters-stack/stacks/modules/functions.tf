resource "aws_s3_bucket" "builds" {
  bucket_prefix = "modules-builds-"
  force_destroy = true
  tags          = local.tags
}

resource "aws_s3_bucket_public_access_block" "builds" {
  bucket                  = aws_s3_bucket.builds.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_versioning" "builds" {
  bucket = aws_s3_bucket.builds.id
  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_object" "build" {
  bucket        = aws_s3_bucket.builds.id
  key           = "lambda-builds/function.zip"
  source        = "${path.module}/function.zip"
  source_hash   = filemd5("${path.module}/function.zip")
  storage_class = "STANDARD"
  tags          = { Value = var.value }
  depends_on    = [aws_s3_bucket_versioning.builds]
}

resource "aws_lambda_layer_version" "s3" {
  layer_name          = "modules-layer-s3"
  description         = "deployed from S3"
  compatible_runtimes = ["nodejs22.x"]
  s3_bucket           = aws_s3_bucket.builds.id
  s3_key              = aws_s3_object.build.key
}

resource "aws_lambda_layer_version" "local" {
  layer_name               = "modules-layer-local"
  compatible_runtimes      = ["nodejs22.x"]
  compatible_architectures = ["x86_64"]
  filename                 = "${path.module}/function.zip"
}

data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["lambda.amazonaws.com"]
    }
  }
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "AWS"
      identifiers = ["arn:${data.aws_partition.here.partition}:iam::${local.account}:root"]
    }
    condition {
      test     = "StringEquals"
      variable = "sts:ExternalId"
      values   = ["12345"]
    }
  }
}

resource "aws_iam_role" "function" {
  name                  = "modules-function"
  path                  = "/tf-managed/"
  force_detach_policies = true
  assume_role_policy    = data.aws_iam_policy_document.trust.json
  tags                  = local.tags
}

resource "aws_iam_role_policy_attachment" "basic" {
  role       = aws_iam_role.function.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
}

resource "aws_iam_role_policy_attachment" "tracing" {
  role       = aws_iam_role.function.name
  policy_arn = "arn:aws:iam::aws:policy/AWSXRayDaemonWriteAccess"
}

resource "aws_iam_role_policy" "function" {
  name = "modules-function"
  role = aws_iam_role.function.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = "sqs:SendMessage", Resource = aws_sqs_queue.unencrypted.arn },
      { Effect = "Allow", Action = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"], Resource = aws_sqs_queue.fifo_dead.arn },
      { Effect = "Allow", Action = ["dynamodb:GetRecords", "dynamodb:GetShardIterator", "dynamodb:DescribeStream", "dynamodb:ListStreams"], Resource = aws_dynamodb_table.this.stream_arn },
      { Effect = "Deny", Action = "s3:GetObject", Resource = "arn:aws:s3:::my-bucket/*" },
    ]
  })
}

resource "aws_cloudwatch_log_group" "function" {
  name              = "/aws/lambda/modules-function"
  retention_in_days = 14
}

resource "aws_lambda_function" "this" {
  function_name     = "modules-function"
  description       = "My awesome function ${var.value}"
  role              = aws_iam_role.function.arn
  handler           = "index.handler"
  runtime           = "nodejs22.x"
  architectures     = ["x86_64"]
  memory_size       = 256
  timeout           = 10
  publish           = true
  layers            = [aws_lambda_layer_version.local.arn, aws_lambda_layer_version.s3.arn]
  s3_bucket         = aws_s3_bucket.builds.id
  s3_key            = aws_s3_object.build.key
  s3_object_version = aws_s3_object.build.version_id
  environment {
    variables = { Hello = "World", Value = var.value }
  }
  ephemeral_storage {
    size = 1024
  }
  # Without levels this provider plans another version for ever, on AWS as here.
  logging_config {
    log_format            = "JSON"
    application_log_level = "INFO"
    system_log_level      = "INFO"
    log_group             = aws_cloudwatch_log_group.function.name
  }
  dead_letter_config {
    target_arn = aws_sqs_queue.unencrypted.arn
  }
  tracing_config {
    mode = "Active"
  }
  tags       = local.tags
  depends_on = [aws_iam_role_policy.function, aws_iam_role_policy_attachment.basic]
}

resource "aws_lambda_alias" "prod" {
  name             = "prod"
  function_name    = aws_lambda_function.this.function_name
  function_version = aws_lambda_function.this.version
}

resource "aws_lambda_permission" "rule" {
  statement_id  = "OneRule"
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.this.function_name
  principal     = "events.amazonaws.com"
  source_arn    = aws_cloudwatch_event_rule.crons.arn
}

resource "aws_lambda_permission" "alias" {
  statement_id  = "AnyApi"
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.this.function_name
  qualifier     = aws_lambda_alias.prod.name
  principal     = "apigateway.amazonaws.com"
  source_arn    = "arn:aws:execute-api:${data.aws_region.here.name}:${local.account}:aqnku8akd0/*/*/*"
}

resource "aws_lambda_function_event_invoke_config" "prod" {
  function_name                = aws_lambda_function.this.function_name
  qualifier                    = aws_lambda_alias.prod.name
  maximum_event_age_in_seconds = 60
  maximum_retry_attempts       = var.value == "one" ? 0 : 1
  destination_config {
    on_failure {
      destination = aws_sqs_queue.unencrypted.arn
    }
  }
}

resource "aws_lambda_event_source_mapping" "queue" {
  event_source_arn        = aws_sqs_queue.fifo_dead.arn
  function_name           = aws_lambda_function.this.arn
  function_response_types = ["ReportBatchItemFailures"]
  scaling_config {
    maximum_concurrency = 20
  }
}

resource "aws_lambda_event_source_mapping" "stream" {
  event_source_arn                   = aws_dynamodb_table.this.stream_arn
  function_name                      = aws_lambda_function.this.arn
  starting_position                  = "LATEST"
  batch_size                         = 10
  maximum_batching_window_in_seconds = 1
  maximum_retry_attempts             = 3
  bisect_batch_on_function_error     = true
  destination_config {
    on_failure {
      destination_arn = aws_sqs_queue.unencrypted.arn
    }
  }
  filter_criteria {
    filter {
      pattern = jsonencode({ eventName = ["INSERT"] })
    }
  }
}
