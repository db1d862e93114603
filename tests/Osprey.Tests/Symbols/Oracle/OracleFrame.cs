namespace Osprey.Tests.Symbols.Oracle;

/// <summary>A frame as a tool prints it; unknown parts are <c>??</c> and 0.</summary>
internal readonly record struct OracleFrame(string Name, string File, int Line)
{
    public override string ToString() => $"{Name} {File}:{Line}";
}
