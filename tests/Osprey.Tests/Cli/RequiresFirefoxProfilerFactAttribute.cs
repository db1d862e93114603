namespace Osprey.Tests.Cli;

/// <summary>
/// A test that asks the Firefox Profiler's own reader; skipped, with the reason, where it is missing.
/// </summary>
public sealed class RequiresFirefoxProfilerFactAttribute : FactAttribute
{
    /// <summary>
    /// The variable that names the module: the profiler's src/profile-logic/process-profile, bundled.
    /// </summary>
    public const string Variable = "OSPREY_FIREFOX_PROFILER";

    public RequiresFirefoxProfilerFactAttribute()
    {
        if (!File.Exists(Environment.GetEnvironmentVariable(Variable)))
            Skip = $"{Variable} names no module of the Firefox Profiler";
    }
}
