namespace Osprey.Tracing.Tests.Outside;

/// <summary>A test that compiles ahead of time, for which a C compiler must be there to link.</summary>
public sealed class LinkerFactAttribute : FactAttribute
{
    public LinkerFactAttribute()
    {
        bool isThere = (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(':')
            .Any(folder => File.Exists(Path.Combine(folder, "gcc")) || File.Exists(Path.Combine(folder, "clang")));
        if (!isThere)
            Skip = "neither gcc nor clang is installed";
    }
}
