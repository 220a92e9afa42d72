import { Navigate, Route, Routes } from "react-router";
import { Shell } from "./layout/shell.tsx";
import { BotSettingsPage } from "./pages/bot-settings.tsx";
import { CreateBotPage } from "./pages/create-bot.tsx";
import { MyBotsPage } from "./pages/my-bots.tsx";
import { NotFoundPage } from "./pages/not-found.tsx";
import { TestBotPage } from "./pages/test-bot.tsx";
import { WebhookSetupPage } from "./pages/webhook-setup.tsx";

export function App() {
  return (
    <Routes>
      <Route element={<Shell />}>
        <Route index element={<Navigate to="/bots" replace />} />
        <Route path="/bots" element={<MyBotsPage />} />
        <Route path="/bots/new" element={<CreateBotPage />} />
        <Route path="/bots/:botId" element={<BotSettingsPage />} />
        <Route path="/telegram/setup/:botId" element={<WebhookSetupPage />} />
        <Route path="/telegram/test/:botId" element={<TestBotPage />} />
        <Route path="*" element={<NotFoundPage />} />
      </Route>
    </Routes>
  );
}
