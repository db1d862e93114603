namespace Osprey.Tests.Traces.Exports;

/// <summary>A test that has OSv's own trace.py read what we wrote; skipped, with the reason, when it is not at hand.</summary>
public sealed class ReferenceTraceFactAttribute : FactAttribute
{
    private const string Variable = "OSPREY_REFERENCE_TRACE";

    public ReferenceTraceFactAttribute()
    {
        if (Script.Length == 0)
            Skip = $"{Variable} is not set to the path of OSv's trace.py";
        else if (!File.Exists(Python))
            Skip = $"not installed: {Python}";
    }

    /// <summary>Python as the system has it: the script's packages are installed there.</summary>
    public static string Python => "/usr/bin/python3";

    public static string Script => Environment.GetEnvironmentVariable(Variable) ?? "";
}
