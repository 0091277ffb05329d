"""Questionnaires from and to files: our own JSON, SurveyJS, XLSForm and LimeSurvey. No file is trusted."""
