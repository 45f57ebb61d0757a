#pragma once

namespace sluice {

/// Tells the C library to give memory back: large pieces right when they are freed, and fewer
/// separate heaps than there are threads over time. Call once, before there are threads. A limit on
/// memory means little where what one job has freed stays with the process while the next one runs.
void configure_memory();

/// No core file of this process is written, whatever the limits: secrets are in its memory.
/// Debuggers of other users than root can't attach any more. Does nothing in builds with
/// sanitizers, which look at their own process.
void forbid_core_dumps();

/// Gives back to the system what is free; some milliseconds. Thread-safe.
void release_free_memory();

}  // namespace sluice
