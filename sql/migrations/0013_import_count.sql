-- Of very many refused rows only some are kept; how many there were is remembered.
ALTER TABLE app.import ADD COLUMN left_out integer CHECK (left_out >= 0);
COMMENT ON COLUMN app.import.left_out IS 'How many rows were refused; null: as many as are listed';
