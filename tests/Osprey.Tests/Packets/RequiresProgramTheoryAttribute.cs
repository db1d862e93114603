using Osprey.Session.Packets;

namespace Osprey.Tests.Packets;

/// <summary>A theory that asks another program; skipped, with the reason, where the program is missing.</summary>
public sealed class RequiresProgramTheoryAttribute : TheoryAttribute
{
    public RequiresProgramTheoryAttribute(string program)
    {
        if (!TcpdumpProgram.IsPresent(program))
            Skip = $"not installed: {program}";
    }
}
