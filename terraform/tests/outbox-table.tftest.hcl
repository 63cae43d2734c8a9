mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  name = "outbox-outbox"
}

run "defaults" {
  command = plan
  module {
    source = "./modules/outbox-table"
  }

  assert {
    condition = {
      keys       = [aws_dynamodb_table.this.hash_key, aws_dynamodb_table.this.range_key]
      billing    = aws_dynamodb_table.this.billing_mode
      stream     = aws_dynamodb_table.this.stream_view_type
      ttl        = aws_dynamodb_table.this.ttl[0].attribute_name
      pitr       = aws_dynamodb_table.this.point_in_time_recovery[0].enabled
      protection = aws_dynamodb_table.this.deletion_protection_enabled
      } == {
      keys       = ["pk", "sk"]
      billing    = "PAY_PER_REQUEST"
      stream     = "NEW_IMAGE"
      ttl        = "expiresAt"
      pitr       = true
      protection = false
    }
    error_message = "The outbox is a streamed table that expires published events, backed up unless told otherwise."
  }

  assert {
    condition = [for index in aws_dynamodb_table.this.global_secondary_index : [index.name, index.hash_key, index.range_key, index.projection_type]] == [
      ["unpublished", "unpublishedShard", "dueAt", "KEYS_ONLY"]
    ]
    error_message = "The index of unpublished events is sparse and holds keys only."
  }
}

run "protected" {
  command = plan
  module {
    source = "./modules/outbox-table"
  }
  variables {
    deletion_protection    = true
    point_in_time_recovery = false
  }

  assert {
    condition     = aws_dynamodb_table.this.deletion_protection_enabled && !aws_dynamodb_table.this.point_in_time_recovery[0].enabled
    error_message = "Protection and backups follow their variables."
  }
}
