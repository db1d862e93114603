using Osprey.Session.Packets;

namespace Osprey.Tests.Packets;

/// <summary>A test that asks another program; skipped, with the reason, where the program is missing.</summary>
public sealed class RequiresProgramFactAttribute : FactAttribute
{
    public RequiresProgramFactAttribute(params string[] programs)
    {
        string[] missing = [.. programs.Where(program => !TcpdumpProgram.IsPresent(program))];
        if (missing.Length > 0)
            Skip = $"not installed: {string.Join(", ", missing)}";
    }
}
