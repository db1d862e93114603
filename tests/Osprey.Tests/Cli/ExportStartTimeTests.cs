using Osprey.Cli.Commands.Trace.Options;

namespace Osprey.Tests.Cli;

public sealed class ExportStartTimeTests
{
    [Theory]
    [InlineData("0", 0)]
    [InlineData("1714564800", 1714564800_000000000)]
    [InlineData("1714564800.123456789", 1714564800_123456789)]
    [InlineData("2024-05-01", 1714521600_000000000)]
    [InlineData("2024-05-01T12:00Z", 1714564800_000000000)]
    [InlineData("2024-05-01 12:00:00", 1714564800_000000000)]
    [InlineData("2024-05-01T12:00:00.5Z", 1714564800_500000000)]
    [InlineData("2024-05-01T14:00:00,123456789+02:00", 1714564800_123456789)]
    [InlineData("2024-05-01T06:30:00-0530", 1714564800_000000000)]
    public void TryParse_Time_IsNanosecondsSince1970(string text, ulong expected)
    {
        Assert.True(StartTime.TryParse(text, out ulong nanoseconds));
        Assert.Equal(expected, nanoseconds);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-1")]
    [InlineData("now")]
    [InlineData("1969-12-31")]
    [InlineData("2024-13-01")]
    [InlineData("2024-05-01.5")]
    [InlineData("2024-05-01T12:00.5")]
    [InlineData("9999-01-01")]
    [InlineData("99999999999999999999999999")]
    public void TryParse_AnythingElse_IsRefused(string text) => Assert.False(StartTime.TryParse(text, out _));
}
