namespace Osprey.Tests.Guests.Report;

/// <summary>What a C expression over init's globals is.</summary>
/// <param name="Expression">The expression.</param>
/// <param name="Text">Its value as C prints it: a number, for pointers hexadecimal, or a string's characters.</param>
/// <param name="IsString">Whether it is a string.</param>
internal sealed record GuestValue(string Expression, string Text, bool IsString);
