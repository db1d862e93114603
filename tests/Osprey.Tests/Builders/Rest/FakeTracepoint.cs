namespace Osprey.Tests.Builders.Rest;

internal sealed class FakeTracepoint(string name)
{
    public string Name => name;

    public bool Enabled { get; set; }

    public bool Backtrace { get; set; }

    /// <summary>The number of hits; null when it is not counted.</summary>
    public long? Count { get; set; }

    public string ToJson() =>
        $"{{\"name\": \"{Name}\", \"id\": \"{Name}\", \"enabled\": {Word(Enabled)}, \"backtrace\": {Word(Backtrace)}}}";

    private static string Word(bool value) => value ? "true" : "false";
}
