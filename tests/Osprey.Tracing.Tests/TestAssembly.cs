using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

// The rings belong to the process: one test at a time.
[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace Osprey.Tracing.Tests;

/// <summary>What holds for all tests.</summary>
internal static class TestAssembly
{
    /// <summary>Has the processor's counter used wherever it runs at one rate, so that it is tested there.</summary>
    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255", Justification = "The clock is chosen before the first test.")]
    internal static void ChooseClock() => Environment.SetEnvironmentVariable("OSPREY_TRACE_CLOCK", "counter");
}
