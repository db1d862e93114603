namespace Osprey.Tests.Cli.Differential;

/// <summary>A test that runs OSv's own <c>trace.py</c>; skipped where it is not told of one.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ReferenceFactAttribute : FactAttribute
{
    public ReferenceFactAttribute()
    {
        if (!File.Exists(ReferenceProgram.Path))
            Skip = $"set {ReferenceProgram.Variable} to the path of OSv's scripts/trace.py";
    }
}
