namespace Osprey.Tests.Guests.Fixtures;

/// <summary>The guest of <see cref="LinuxGuestVariant.Modules"/>.</summary>
public sealed class ModulesGuest() : LinuxGuestFixture(LinuxGuestVariant.Modules)
{
    /// <summary>The lines that init told of a file, as <c>tests/linux-guest/modules</c> names them.</summary>
    internal IReadOnlyList<string> ReadLines(string file)
    {
        string[] lines = Guest.ReadReport().Split('\n');
        int start = Array.IndexOf(lines, $"file {file}") + 1;
        int end = Array.FindIndex(
            lines,
            start,
            line => line.StartsWith("file ", StringComparison.Ordinal) || line == "ready "
        );
        return [.. lines[start..end].Where(line => line.Length > 0)];
    }
}
