# Measurements. Machines are noisy: both programs run what they compare interleaved and print ratios.

.setup/bench: .setup/test bench/requirements.txt
	$(PYTHON) -m pip install --quiet --disable-pip-version-check -r bench/requirements.txt
	@touch $@

# Us and the peers: make bench [ARGS="--threads 1 examples/seed/seed.kmodel"]
.PHONY: bench
bench: all .setup/bench
	$(PYTHON) bench/bench.py $(ARGS)

# Single kernels against the FMA peak of one core: make bench-kernels [CPU=x86-64-v3]
.PHONY: bench-kernels
bench-kernels: $(BUILD)/bench-kernels
	$(BUILD)/bench-kernels $(or $(CPU),native)

$(BUILD)/bench-kernels: $(BUILD)/bench/kernels.o $(HARNESS_OBJECTS) $(TESTED)
	$(call say,LINK)$(CC) $(OPT) -o $@ $^ $(LIBS)

$(BUILD)/bench/%.o: CPPFLAGS += -Itests $(LLVM_CFLAGS)
$(BUILD)/bench/%.o: bench/%.c | $(GENERATED)
	@mkdir -p $(@D)
	$(call say,CC)$(CC) $(CPPFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<
