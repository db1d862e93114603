namespace Osprey.Cli.Rendering.Answers;

/// <summary>The forms that the program prints answers in.</summary>
internal enum AnswerFormat
{
    /// <summary>Text for people.</summary>
    Text,

    /// <summary>JSON.</summary>
    Json,

    /// <summary>Comma-separated values, for listings.</summary>
    Csv,
}
